import type { Effect } from "@tenon/connector";
import type { Plan, PlannedStep, Step } from "@tenon/workflow";

/** The run that a step belongs to, as far as steps may know it. */
export interface StepRunOwner {
  runId: string;
  projectId: string;
  workflowId: string;
  /** The connection the run acts with. */
  connectionId: string;
  /** True: lists are cut and pages are few, and nothing is attempted twice. */
  test: boolean;
}

/** What a step gets to do its work once. */
export interface StepContext<S extends Step = Step> {
  owner: StepRunOwner;
  plan: Plan;
  planned: PlannedStep & { step: S };
  /** The step's templated fields, resolved ({@link PlannedStep.input}). */
  input: Record<string, unknown>;
  /** Resolves them again with a value for `self`, for pagination. */
  resolveWith(self: unknown): {
    input: Record<string, unknown>;
    items: unknown;
    pageToken: unknown;
    stop: boolean;
  };
  /** 1 for the first. */
  attempt: number;
  /** The same for every attempt of this step of this run: `<run id>:<step id>`. */
  idempotencyKey: string;
  /** Ends with cancellation, shutdown, or the step's time. */
  signal: AbortSignal;
  /** From now on this value is taken out of what the run stores, like an environment secret. */
  hide(name: string, value: string): void;
  /** {@link ActionContext.once} of the connector package. */
  once<T>(name: string, part: () => Promise<T>, check?: () => Promise<T | undefined>): Promise<T>;
}

/** Does one kind of step. */
export interface StepExecutor<S extends Step = Step> {
  /** What running it may do, which decides what the engine repeats after a crash. */
  effectOf(step: S): { effect: Effect; repeatable: boolean };
  /** Does it once. Answers the output; throws {@link StepFailure}. */
  run(context: StepContext<S>): Promise<unknown>;
}
