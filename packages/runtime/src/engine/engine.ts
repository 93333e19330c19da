import type { NewRun, Reply, RunStatus } from "../run.ts";

/** How waiting for a run's reply ended. */
export type ReplyOutcome =
  | { kind: "reply"; reply: Reply }
  /** The run ended without a Response step. */
  | { kind: "ended"; status: RunStatus }
  | { kind: "timeout" };

/** Runs workflows durably. */
export interface Engine {
  /**
   * Creates a run and, where there is room, begins it. It is durable when the promise resolves: it
   * will end, whatever dies. The same id again changes nothing.
   */
  start(run: NewRun): Promise<{ id: string; status: RunStatus }>;
  /** Waits for the run's Response step, wherever the run is worked on. */
  waitForReply(runId: string, timeoutMs: number): Promise<ReplyOutcome>;
  /** How many runs this process works on now. */
  countUnderWay(): number;
  /** Somebody asked something of runs ({@link RunControls}): do not wait for the next beat. */
  checkControls(): void;
  /** Takes no more runs, waits for steps under way as long as `drainMs`, and lets go of the rest. */
  close(): Promise<void>;
}
