import type { RunError } from "../run.ts";

/** How far a step, or a chain of steps, got. */
export type Outcome =
  | { kind: "done" }
  | { kind: "failed"; error: RunError }
  /** It goes on later, without a worker until then. */
  | { kind: "suspended"; untilMs: number }
  /** Cancelled, paused, taken over, or the process stops. */
  | { kind: "stopped" };
