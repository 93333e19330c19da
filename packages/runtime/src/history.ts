import type { Attempt, RunError, RunIdentity, RunStatus, StepRunStatus } from "./run.ts";

/** A run as lists show it. */
export interface RunSummary extends RunIdentity {
  configurationId: string;
  /** The connected user as the customer names them: the user token's `sub`. */
  userId: string;
  status: RunStatus;
  test: boolean;
  replayOf?: string;
  /** Steps that did something outside: actions, requests and functions. */
  taskCount: number;
  createdAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
  /** When a waiting run goes on. */
  wakeAt?: Date;
  updatedAt: Date;
  error?: RunError;
}

/** A step of a run as it is shown; secrets are redacted. */
export interface StepSummary {
  stepId: string;
  /** Index of the item at each enclosing fan out, outermost first. */
  instance: readonly number[];
  type: string;
  status: StepRunStatus;
  attempts: Attempt[];
  /** Undefined where it is large: then ask {@link RunHistory.payload}. */
  input: unknown;
  output: unknown;
  /** Bytes of JSON. */
  inputSize: number;
  outputSize: number;
  isLargeInput: boolean;
  isLargeOutput: boolean;
  error?: RunError;
  startedAt: Date;
  finishedAt?: Date;
  updatedAt: Date;
}

export interface RunDetail extends RunSummary {
  input: unknown;
  /** {@link RunContext.idempotencyRunId}, or the run's own id. */
  idempotencyRunId: string;
}

export interface RunFilter {
  projectId: string;
  /** The customer's name of the connected user. */
  userId?: string | undefined;
  workflowId?: string | undefined;
  integrationId?: string | undefined;
  statuses?: readonly RunStatus[] | undefined;
  /** Created before and after. */
  before?: Date | undefined;
  after?: Date | undefined;
  /** Default false. */
  includeTests?: boolean | undefined;
}

export interface RunPage extends RunFilter {
  limit: number;
  order: "asc" | "desc";
  /** Where the page before ended. */
  cursor?: string | undefined;
  offset?: number | undefined;
}

/** What happened, for the customer to look at. Another project's ids answer as unknown ones do. */
export interface RunHistory {
  list(page: RunPage): Promise<{ runs: RunSummary[]; nextCursor?: string }>;
  count(filter: RunFilter): Promise<number>;
  get(projectId: string, runId: string): Promise<RunDetail | undefined>;
  /** In the order in which they began. */
  steps(projectId: string, runId: string): Promise<StepSummary[]>;
  /** A step's input or output in full; undefined where there is none. */
  payload(
    projectId: string,
    runId: string,
    part: { stepId: string; instance: readonly number[]; kind: "input" | "output" },
  ): Promise<{ value: unknown } | undefined>;
  /** Runs that changed since, oldest change first, at most 200: what a live view asks for. */
  changedSince(projectId: string, since: Date, runId?: string): Promise<RunSummary[]>;
}

/** Asks something of a run that may be worked on anywhere. Throw `run_not_found`, `run_finished`. */
export interface RunControls {
  cancel(projectId: string, runId: string): Promise<RunStatus>;
  pause(projectId: string, runId: string): Promise<RunStatus>;
  resume(projectId: string, runId: string): Promise<RunStatus>;
  /** Ends all runs of a workflow that is removed; answers how many. */
  cancelAll(projectId: string, workflowId: string, reason: string): Promise<number>;
}
