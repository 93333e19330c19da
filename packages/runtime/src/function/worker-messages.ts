import type { StepFailureCode } from "../step-failure.ts";
import type { CodeProblem, ConsoleLine, FunctionCall } from "./function-call.ts";

/** What a worker thread is asked to do, one at a time. */
export type WorkerTask =
  | ({ kind: "run"; parameters: string } & Omit<FunctionCall, "parameters" | "signal">)
  | ({ kind: "check" } & Pick<FunctionCall, "code" | "language">);

/** How the code failed, as far as it can be told. */
export interface CodeFailure {
  code: Extract<StepFailureCode, `function_${string}` | "internal_error">;
  message: string;
  /** Of an error that the code threw: its name, message, stack and place. */
  thrown?: { name: string; message: string; stack: string; line?: number; column?: number };
}

export type WorkerOutcome =
  /** `result` is JSON; undefined where the function answered undefined. */
  | { kind: "done"; result: string | undefined; console: ConsoleLine[] }
  | { kind: "failed"; failure: CodeFailure; console: ConsoleLine[] }
  | { kind: "checked"; problem: CodeProblem | undefined };

/** `retire`: the thread may be damaged and takes no more tasks. */
export type WorkerMessage = { ready: true } | { outcome: WorkerOutcome; retire: boolean };
