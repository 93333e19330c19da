import * as z from "zod";
import type { ActionClient } from "./action-client.ts";

/** What a run is told of the change that started it, beside the object itself. */
export const ChangeFacts = z
  .object({
    id: z.uuid().meta({ description: "The same for everybody whom this change concerns." }),
    changes: z
      .array(z.string())
      .meta({ description: "What changed, such as `properties` and `content`." }),
    details: z
      .record(z.string(), z.unknown())
      .meta({ description: "More about them, such as which properties changed." }),
    authors: z
      .array(z.string())
      .meta({ description: "The provider's ids of who made the change, where it tells them." }),
    occurredAt: z.iso.datetime().meta({ description: "By the provider's clock and precision." }),
  })
  .meta({ title: "Change" });
export type ChangeFacts = z.output<typeof ChangeFacts>;

/** A trigger's output: the object as it was when the change was seen, and the change. */
export function changeOf<T extends z.ZodType>(result: T) {
  return z.object({ result, event: ChangeFacts });
}

/** What a trigger is asked about one change. */
export interface TriggerMatch<Input> {
  /** Parsed with the trigger's input schema. */
  input: Input;
  /** As the trigger's output has it. */
  result: unknown;
  changes: readonly string[];
  details: Readonly<Record<string, unknown>>;
  /** Calls the provider with the connection's credentials; answers are kept for a while. */
  client: ActionClient;
}

/** Something that happens at the provider and can start runs. */
export interface Trigger<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> {
  /** Kebab-case, unique in the connector. */
  id: string;
  /** The name in Paragon's API, such as `NOTION_PAGE_CREATED`. */
  intent: string;
  title: string;
  summary: string;
  /** What narrows it, such as a parent page. */
  input: Input;
  /** What a run starts with: {@link changeOf} the object. */
  output: Output;
  /** The kind of object that it watches, one of the connector's {@link WatchedObject}s. */
  object: string;
  /** Which of the object's changes count: any of these. */
  on: readonly string[];
  /** An output to show and to test with. */
  sample: z.output<Output>;
  /**
   * A part of the account that polls are to look into by itself, because what the provider lists of
   * the whole account may lag or miss something.
   */
  scope?(input: z.output<Input>): string | undefined;
  /**
   * Whether a change is what is asked for with this input; without it every change is. Throws where
   * that cannot be told now.
   */
  matches?(ask: TriggerMatch<z.output<Input>>): boolean | Promise<boolean>;
}

/** Declares a trigger, keeping its schemas' types. */
export function defineTrigger<Input extends z.ZodObject, Output extends z.ZodType>(
  trigger: Trigger<Input, Output>,
): Trigger<Input, Output> {
  return trigger;
}
