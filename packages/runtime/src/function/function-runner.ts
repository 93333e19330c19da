import { availableParallelism } from "node:os";
import { StepFailure } from "../step-failure.ts";
import {
  type CodeProblem,
  type ConsoleLine,
  type FunctionCall,
  functionLimits,
} from "./function-call.ts";
import { NotBegun, WorkerPool } from "./worker-pool.ts";
import type { CodeFailure, WorkerOutcome } from "./worker-messages.ts";

/** Runs users' code in sandboxes of its own. */
export interface FunctionRunner {
  /**
   * Runs a function once and answers what it returned, as JSON has it.
   *
   * - Throws {@link StepFailure}: `function_failed`, `function_timeout`, `function_memory`, with
   *   `details` of what was thrown and of the console; `invalid_input` for parameters that are no
   *   JSON or too large; `internal_error`, which may pass, where it could not be begun.
   * - Throws the signal's reason where that is aborted; the code is then stopped.
   */
  run(call: FunctionCall): Promise<{ result: unknown; console: ConsoleLine[] }>;
  /** Reads code as {@link run} would, without running it. Undefined where nothing is wrong. */
  check(code: string, language: FunctionCall["language"]): Promise<CodeProblem | undefined>;
  /** Stops what runs and begins nothing more. Resolves once all threads are gone. */
  close(): Promise<void>;
}

export interface FunctionRunnerOptions {
  /** How many functions run at the same time, at most. Default: one per core, 2 to 8. */
  workers?: number;
}

export function createFunctionRunner(options: FunctionRunnerOptions = {}): FunctionRunner {
  const workers = options.workers ?? Math.min(8, Math.max(2, availableParallelism()));
  const pool = new WorkerPool(workers);
  return {
    async run({ parameters, signal, ...call }) {
      const task = { kind: "run", ...call, parameters: parametersJson(parameters) } as const;
      const outcome = await pool
        .perform(task, signal)
        .catch((loss: unknown) => rethrow(loss, call));
      return resultOf(outcome);
    },

    async check(code, language) {
      const never = new AbortController().signal;
      const outcome = await pool
        .perform({ kind: "check", code, language }, never)
        .catch((loss: unknown) =>
          isLossOfCode(loss) ? unreadable : Promise.reject(notBegun(loss)),
        );
      return outcome.kind === "checked" ? outcome.problem : undefined;
    },

    close: () => pool.close(),
  };
}

const unreadable: WorkerOutcome = {
  kind: "checked",
  problem: { message: "The code is too much to be read", line: 1, column: 1 },
};

function parametersJson(parameters: Record<string, unknown>): string {
  const json = writeJson(parameters);
  if (json.length <= functionLimits.parameters) return json;
  throw new StepFailure(
    "invalid_input",
    `The function's parameters have ${json.length} characters of JSON; at most ${functionLimits.parameters} are taken. Pass only what it needs.`,
  );
}

function writeJson(parameters: Record<string, unknown>): string {
  try {
    return JSON.stringify(parameters);
  } catch (cause) {
    const message = "The function's parameters cannot be written as JSON.";
    throw new StepFailure("invalid_input", message, { cause });
  }
}

function resultOf(outcome: WorkerOutcome): { result: unknown; console: ConsoleLine[] } {
  if (outcome.kind === "checked") throw new Error("A run was answered as a check");
  const { console } = outcome;
  if (outcome.kind === "failed") throw failureOf(outcome.failure, console);
  return {
    result: outcome.result === undefined ? undefined : JSON.parse(outcome.result),
    console,
  };
}

function failureOf({ code, message, thrown }: CodeFailure, console: ConsoleLine[]): StepFailure {
  const details = { ...(thrown && { thrown }), ...(console.length > 0 && { console }) };
  return new StepFailure(code, message, { details });
}

/** Was it the code that brought the thread to its end? */
function isLossOfCode(loss: unknown): boolean {
  return loss === "timeout" || loss === "memory" || loss === "crash";
}

function notBegun(loss: unknown): StepFailure {
  const message = loss instanceof NotBegun ? loss.message : "Functions are shutting down";
  return new StepFailure("internal_error", `${message}. Try again in a moment.`, {
    transient: true,
  });
}

/** The thread was ended, so that nothing is known but why. */
function rethrow(loss: unknown, call: { timeoutMs: number; memoryMb: number }): never {
  switch (loss) {
    case "timeout":
      throw new StepFailure(
        "function_timeout",
        `The function ran longer than its ${call.timeoutMs} ms and had to be stopped from outside. Make it do less, or raise its time limit.`,
      );
    case "memory":
      throw new StepFailure(
        "function_memory",
        `The function used more memory than its ${call.memoryMb} MB allow. Make it hold less at a time.`,
      );
    case "crash":
      throw new StepFailure(
        "function_failed",
        "The function ended its sandbox; nothing else was affected.",
      );
    default:
      // Undefined reasons do not occur: what is neither known nor ours is the signal's reason.
      throw loss === "closed" || loss instanceof NotBegun ? notBegun(loss) : loss;
  }
}
