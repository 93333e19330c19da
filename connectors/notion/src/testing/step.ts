import {
  type Action,
  type ActionClient,
  type ActionContext,
  AppError,
  type FileContent,
  ProviderError,
} from "@tenon/connector";
import type * as z from "zod";

/** Where the process dies: around the nth part (from 1) that an attempt does anew. */
export interface CrashPoint {
  part: number;
  /** Before: the part is noted as begun and not done. After: done, and its result is lost. */
  when: "before" | "after";
}

/** The process died; the next attempt is another process's. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** One step of one run, whose attempts share what their finished parts gave. */
export interface Step<Output> {
  /** One attempt; throws {@link Crash} where it is told to die. */
  attempt(crash?: CrashPoint): Promise<Output>;
  /** Dies at the point, then attempts again to the end. */
  attemptThrough(crash: CrashPoint): Promise<Output>;
  /** How many parts were done, repeats included. */
  readonly partsDone: number;
  /** The names of the parts that have a result. */
  readonly partNames: readonly string[];
}

interface Part {
  isDone: boolean;
  /** As JSON, as the engine keeps it. */
  result: string;
}

interface StepOptions {
  input: Record<string, unknown>;
  client: ActionClient;
  download(url: string): Promise<FileContent>;
}

/** Keeps parts in memory by the rules of {@link ActionContext.once}. */
export function createStep<Output extends z.ZodType>(
  action: Action<z.ZodObject, Output>,
  { input, client, download }: StepOptions,
): Step<z.output<Output>> {
  const parts = new Map<string, Part>();
  let partsDone = 0;

  async function attempt(crash?: CrashPoint): Promise<z.output<Output>> {
    let begun = 0;
    const askedNow = new Set<string>();
    const dieAt = (when: CrashPoint["when"]): void => {
      if (crash?.part === begun && crash.when === when) throw new Crash(`part ${begun}, ${when}`);
    };
    const once: ActionContext<unknown>["once"] = async (name, part, check) => {
      if (askedNow.has(name)) throw new Error(`Two parts are called "${name}".`);
      askedNow.add(name);
      const known = parts.get(name);
      if (known?.isDone) return fromJson(known.result);
      if (known) {
        if (!check) throw new Error(`outcome_unknown: part "${name}"`);
        const found = await check();
        if (found !== undefined) return keep(name, found);
      }
      begun += 1;
      parts.set(name, { isDone: false, result: "" });
      dieAt("before");
      const result = await refusedIsUndone(name, part);
      dieAt("after");
      return keep(name, result);
    };
    const output = await action.run({
      input: action.input.parse(structuredClone(input)),
      client,
      signal: new AbortController().signal,
      idempotencyKey: "run-1:step-1",
      once,
      download,
    });
    // As the history keeps it: what is not JSON would be lost there.
    return action.output.parse(JSON.parse(JSON.stringify(output)));
  }

  async function refusedIsUndone<T>(name: string, part: () => Promise<T>): Promise<T> {
    try {
      partsDone += 1;
      return await part();
    } catch (error) {
      if (surelyDidNotHappen(error)) parts.delete(name);
      throw error;
    }
  }

  function keep<T>(name: string, result: T): T {
    const json = JSON.stringify(result) ?? "null";
    parts.set(name, { isDone: true, result: json });
    return fromJson(json);
  }

  return {
    attempt,
    async attemptThrough(crash) {
      try {
        return await attempt(crash);
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        return attempt();
      }
    },
    get partsDone() {
      return partsDone;
    },
    get partNames() {
      return [...parts].filter(([, { isDone }]) => isDone).map(([name]) => name);
    },
  };
}

/** The provider refused, or the action did before it asked. Of all else nobody knows. */
function surelyDidNotHappen(error: unknown): boolean {
  return error instanceof ProviderError ? error.status < 500 : error instanceof AppError;
}

/** The border to what a part gave when it was done. */
function fromJson(json: string): any {
  return JSON.parse(json);
}

/** Every point at which a step of so many parts can die. */
export function crashPoints(parts: number): CrashPoint[] {
  return Array.from({ length: parts }, (_, index) => index + 1).flatMap((part) => [
    { part, when: "before" as const },
    { part, when: "after" as const },
  ]);
}
