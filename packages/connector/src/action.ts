import type * as z from "zod";
import type { ActionClient } from "./action-client.ts";

/**
 * What running an action does, which tells the engine what it may repeat.
 *
 * - read: nothing. Repeated freely.
 * - write: creates or changes something. Repeated only where it surely did not happen, or where the
 *   action says that a repeat has the same effect ({@link Action.repeatable}).
 * - destroy: takes something away. A repeat has the same effect.
 */
export type Effect = "read" | "write" | "destroy";

/** A file's bytes and what is known of them. */
export interface FileContent {
  name: string;
  mimeType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface ActionContext<Input> {
  /** Parsed with the action's input schema. */
  input: Input;
  client: ActionClient;
  /** Ends where the run is cancelled or the step's time is over. */
  signal: AbortSignal;
  /** The same for every attempt of this step of this run. */
  idempotencyKey: string;
  /**
   * Does one part of an action that sends several writes, once.
   *
   * - The result is stored before the next part begins; after a crash a finished part answers from
   *   there and is not done again. Results are JSON.
   * - A part that was begun and whose result is not known is done again only if `check` answers
   *   undefined, which means that it surely did not happen. What else `check` answers is taken as
   *   the part's result. Without `check` the step ends with `outcome_unknown`.
   *
   * @param name unique in the action, such as `append 3`.
   */
  once<T>(name: string, part: () => Promise<T>, check?: () => Promise<T | undefined>): Promise<T>;
  /** Downloads a file of the public internet; private addresses are refused. */
  download(url: string): Promise<FileContent>;
}

/** Something a workflow step can do at the provider. */
export interface Action<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> {
  /** Kebab-case, unique in the connector. */
  id: string;
  /** The name in Paragon's API and workflows, such as `NOTION_CREATE_PAGE`. */
  intent: string;
  title: string;
  summary: string;
  effect: Effect;
  /** Of a write: sending it twice has the effect of sending it once. */
  repeatable?: boolean;
  /**
   * The one schema of the form, the check at run time, the API description and the docs. Each field
   * has a `title` in its meta, and where it needs one a `description` and a `ui`.
   */
  input: Input;
  output: Output;
  /** Method syntax, so that a registry can hold actions of different inputs. */
  run(context: ActionContext<z.output<Input>>): Promise<z.input<Output>>;
}

/** Declares an action, keeping its schemas' types. */
export function defineAction<Input extends z.ZodObject, Output extends z.ZodType>(
  action: Action<Input, Output>,
): Action<Input, Output> {
  return action;
}
