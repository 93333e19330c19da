import type { File } from "@tenon/workflow";
import type { NewRun, RunStatus } from "../run.ts";
import type { ConfigurationSelector, WorkflowUser } from "./enrollments.ts";

export interface SentEvent {
  name: string;
  /** A JSON object of at most 1 MB. */
  payload: unknown;
  /** The same key again starts nothing anew and answers the same runs. */
  idempotencyKey?: string | undefined;
}

/** A call of a workflow with a request trigger. */
export interface WorkflowCall {
  workflowId: string;
  selector?: ConfigurationSelector | undefined;
  method: string;
  /** Any case; `authorization`, `cookie` and `proxy-authorization` never reach the run. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  params: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** JSON, or undefined. */
  body: unknown;
  file?: File | undefined;
  idempotencyKey?: string | undefined;
}

export interface StartedRun {
  runId: string;
  workflowId: string;
  status: RunStatus;
}

/** Whose account a test runs with. Without a configuration: the default one. */
export type TestAccount =
  /** The connected user's `sub`; the oldest VALID connection of the workflow's integration. */
  | { userId: string; connection?: string | undefined; configuration?: string | undefined }
  | { connectionId: string; configuration?: string | undefined };

export interface WorkflowTest {
  account: TestAccount;
  /**
   * The trigger's output. Left out: the app event's sample; what was changed last in the account,
   * for a trigger of the connector; else an empty one.
   */
  input?: unknown;
}

export interface StepTest extends WorkflowTest {
  /**
   * Outputs of earlier steps by step id. Left out: those of `fromRunId`, else of the workflow's
   * newest test run; `input` too.
   */
  outputs?: Readonly<Record<string, unknown>> | undefined;
  fromRunId?: string | undefined;
}

export interface ReplayOptions {
  /** same: the version the run had. newest: the one that is deployed now. */
  version: "same" | "newest";
  /**
   * failed: steps that were done before the first failed one, and do not depend on it, count as
   * done, where the version has them unchanged.
   */
  from: "start" | "failed";
}

/** Starts runs. */
export interface Starts {
  /**
   * Starts every deployed workflow that starts with this event and that the user has enabled, over
   * all integrations and all of the user's configurations, or the selected ones. Throws
   * `event_not_found`, `payload_too_large`, `invalid_request`.
   */
  sendEvent(
    user: WorkflowUser,
    event: SentEvent,
    selector?: ConfigurationSelector,
  ): Promise<StartedRun[]>;
  /**
   * Starts a workflow by request. Throws as `Enrollments.enable` does, and `workflow_not_enabled`,
   * `connection_invalid`, `invalid_request` with `{ failures }` of all of the trigger's rules that
   * the call does not meet.
   */
  callWorkflow(
    user: WorkflowUser,
    call: WorkflowCall,
  ): Promise<StartedRun & { hasResponseStep: boolean }>;
  /** Runs the draft with `test`. Throws `workflow_invalid` with `{ problems }`. */
  testWorkflow(projectId: string, workflowId: string, test: WorkflowTest): Promise<StartedRun>;
  /** Runs one step of the draft. Throws `step_not_found` too. */
  testStep(
    projectId: string,
    workflowId: string,
    stepId: string,
    test: StepTest,
  ): Promise<StartedRun>;
  /** Runs it again with its original input. Throws `run_not_found`, `workflow_not_deployed`. */
  replay(projectId: string, runId: string, options: ReplayOptions): Promise<StartedRun>;
}

/** Something that happened at the provider, for one connection. */
export interface ConnectionEvent {
  projectId: string;
  connectionId: string;
  /** Names what happened: the same key again leads to the same runs. */
  key: string;
  /** The trigger's output: what runs start with. */
  output: unknown;
  /** Nobody but the connection itself made it happen. */
  isOwn: boolean;
  /** Whether it is what a trigger's input, its references resolved, asks for. */
  matches(triggerId: string, input: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/** A workflow that waits for a trigger of the connector, for one configuration. */
export interface WaitingWorkflow {
  listenerId: string;
  workflowId: string;
  configurationId: string;
}

/** What sources of provider events start runs through. */
export interface TriggerSource {
  /**
   * The runs that an event starts: of those workflows that are deployed, enabled and permitted now,
   * and whose trigger asks for it. They are not started: who plans writes them down, with what made
   * them known, in one transaction.
   */
  plan(
    event: ConnectionEvent,
    waiting: readonly WaitingWorkflow[],
  ): Promise<{ listenerId: string; run: NewRun }[]>;
  /** What the triggers of these workflows ask for, their references resolved. */
  readInputs(
    at: { projectId: string; connectionId: string },
    waiting: readonly WaitingWorkflow[],
  ): Promise<{ triggerId: string; input: Record<string, unknown> }[]>;
}
