import type {
  NewRun,
  Reply,
  RunContext,
  RunError,
  RunIdentity,
  RunStatus,
  StepRecord,
} from "../run.ts";

/** A run that this worker has: it may work on it as long as nobody else has taken it over. */
export interface ClaimedRun extends RunIdentity {
  userId: string;
  input: unknown;
  context: RunContext;
  test: boolean;
  onlyStep: string | undefined;
  createdAt: Date;
  /** When it was claimed, by the database's clock. */
  claimedAt: Date;
  /** Rises with each claim: what an earlier holder writes is refused. */
  fence: number;
  taskCount: number;
  /** True: it was begun before, so there are steps to read. */
  resumed: boolean;
}

export type Control = "cancel" | "pause";

/** How a worker lets go of a run. */
export interface RunEnd {
  status: Exclude<RunStatus, "running">;
  wakeAt?: Date;
  error?: RunError;
  taskCount: number;
}

/** What happened in a run, to be written down in one go. */
export interface JournalEntry {
  run: { id: string; fence: number };
  /** As they are now; what was written of them before is replaced. */
  steps: readonly StepRecord[];
  end?: RunEnd;
}

/** Raised where the run is no longer this worker's: taken over, or gone. */
export class RunLost extends Error {
  override readonly name = "RunLost";
}

export interface Limits {
  perProject: number;
  perUser: number;
}

/** Stores runs and their journal. */
export interface RunStore {
  /**
   * Writes a new run. Where the limits allow it and `mayRun`, it is this worker's at once, else
   * queued. A run that exists stays as it is.
   */
  create(run: NewRun, worker: { id: string; mayRun: boolean }): Promise<CreatedRun>;
  /**
   * Takes queued runs, one of each user in turn, within the limits of projects and users.
   *
   * @param after where the turn stands: what the last claim answered.
   */
  claim(ask: { workerId: string; slots: number; after: ClaimCursor | undefined }): Promise<{
    runs: ClaimedRun[];
    next: ClaimCursor;
    /** False: nothing is queued. */
    more: boolean;
  }>;
  /**
   * Writes down what happened. Entries of all runs that are waiting to be written share one commit;
   * they are committed in the order in which they were given.
   *
   * - Answers what somebody asks of the run meanwhile.
   * - Throws {@link RunLost}. While the database is away it waits and tries again, until `close`.
   */
  write(workerId: string, entry: JournalEntry): Promise<Control | undefined>;
  readSteps(runId: string): Promise<StepRecord[]>;
  /** How far a run is that this process does not work on; undefined where there is none. */
  readReply(runId: string): Promise<{ status: RunStatus; reply: Reply | undefined } | undefined>;
  /** Puts waiting runs whose time has come into the queue. Answers when the next is due. */
  wake(): Promise<Date | undefined>;
  /** Runs of this worker that somebody asked something of. */
  readControls(workerId: string): Promise<{ runId: string; control: Control }[]>;
  /** Tells that this worker lives. Answers the beats of all workers. */
  beat(workerId: string): Promise<Map<string, string>>;
  /** Puts the runs of dead workers, and of workers nobody knows, into the queue. */
  takeOver(deadIds: readonly string[]): Promise<number>;
  /** A worker that stops: its runs go back into the queue. */
  leave(workerId: string): Promise<void>;
  /** Told by other processes, too: there may be something to claim. */
  onQueued(listener: () => void): () => void;
  /** Waits for what is being written. */
  close(): Promise<void>;
}

export type CreatedRun =
  | { kind: "claimed"; run: ClaimedRun }
  | { kind: "queued" }
  | { kind: "exists"; status: RunStatus };

export interface ClaimCursor {
  projectId: string;
  userId: string;
}
