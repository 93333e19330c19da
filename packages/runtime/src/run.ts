/**
 * - queued: waits for a worker.
 * - running: a worker has it.
 * - waiting: until a time, without a worker: a delay, another attempt, a provider that is busy.
 * - paused: until somebody resumes it.
 * - succeeded, failed, cancelled: over.
 */
export type RunStatus =
  | "queued"
  | "running"
  | "waiting"
  | "paused"
  | "succeeded"
  | "failed"
  | "cancelled";

/** `skipped`: the run was cancelled before it. */
export type StepRunStatus = "running" | "waiting" | "succeeded" | "failed" | "skipped";

export type TriggerType = "event" | "request" | "schedule" | "enabled" | "integration";

/** What a run may refer to beside its steps, as it was when the run was created. */
export interface RunContext {
  user: { id: string; meta: Record<string, unknown> };
  connection: {
    id: string;
    externalId: string | null;
    accountId: string;
    providerData: Record<string, string | number | boolean>;
  };
  settings: Record<string, unknown>;
  integrationSettings: Record<string, unknown>;
  /**
   * The run whose Idempotency-Keys this one sends: where a replay goes on from a failed step, a
   * receiver recognises what may have arrived before.
   */
  idempotencyRunId?: string;
}

/** Which run it is, and what it belongs to. */
export interface RunIdentity {
  id: string;
  projectId: string;
  workflowId: string;
  versionId: string;
  integrationId: string;
  connectionId: string;
  triggerType: TriggerType;
}

/** What a run is created with. The same id (a UUID) twice is the same run: starts are idempotent. */
export interface NewRun extends RunIdentity {
  configurationId: string;
  /** Id of the connected user, not the user token's `sub`. */
  userId: string;
  /** The trigger's output. */
  input: unknown;
  context: RunContext;
  /** Lists cut, few pages, no further attempts, no delays. */
  test?: boolean;
  /** Runs this step alone. What it refers to comes from {@link NewRun.steps}. */
  onlyStep?: string;
  replayOf?: string;
  /** Steps that count as done, with their outputs: where a replay goes on from. */
  steps?: readonly DoneStep[];
}

export interface DoneStep {
  stepId: string;
  instance: readonly number[];
  type: string;
  output: unknown;
  startedAt: Date;
  finishedAt: Date;
}

/** Why a run or a step failed, as it is stored and shown. */
export interface RunError {
  code: string;
  message: string;
  /** Step that failed, with its place in fan outs. */
  stepId?: string;
  instance?: readonly number[];
  details?: Record<string, unknown>;
}

/** One try of a step. */
export interface Attempt {
  startedAt: string;
  finishedAt?: string;
  error?: RunError;
  /** When the next is due. */
  nextAt?: string;
  /** The other side was busy and asked to wait: not counted among the step's attempts. */
  busy?: true;
}

/** How one part of a step stands ({@link StepContext.once}). */
export type Part = { status: "begun" } | { status: "done"; result: unknown };

/** A step of a run as the engine knows it. */
export interface StepRecord {
  stepId: string;
  /** Index of the item at each enclosing fan out, outermost first. */
  instance: readonly number[];
  /** Counts the steps of a run in the order in which they began. */
  place: number;
  type: string;
  status: StepRunStatus;
  attempts: Attempt[];
  progress: Record<string, Part>;
  /** Redacted, for people to read. */
  input: unknown;
  /** Redacted: no later step sees a secret either. */
  output: unknown;
  error: RunError | undefined;
  startedAt: Date;
  finishedAt: Date | undefined;
}

/** What a Response step answers the caller of a request trigger with. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
  file?: { name: string; mimeType: string; data: string };
}
