import type { Log } from "@tenon/connections";
import type { Plan, PlannedStep, Step } from "@tenon/workflow";
import type { RunError, StepRecord } from "../run.ts";
import type { StepExecutor } from "../step-executor.ts";
import type { Outcome } from "./outcome.ts";
import type { Redactor } from "./redact.ts";
import type { RunJournal } from "./run-journal.ts";
import type { ClaimedRun } from "./run-store.ts";
import type { RunValues } from "./run-values.ts";
import type { Instance } from "./step-key.ts";

/** The kinds of steps that executors do; the engine does the others itself. */
export type ExecutedStep = Extract<
  Step,
  { type: "action" | "integrationRequest" | "request" | "function" | "response" }
>;

/** One executor for each kind of step. */
export type StepExecutors = {
  [Type in ExecutedStep["type"]]: StepExecutor<Extract<ExecutedStep, { type: Type }>>;
};

/** One life of a run in this process, as its steps see it. */
export interface Execution {
  readonly run: ClaimedRun;
  readonly plan: Plan;
  readonly values: RunValues;
  readonly redactor: Redactor;
  readonly journal: RunJournal;
  readonly log: Log;
  /** Ends with everything that asks the run to stop. */
  readonly stopSignal: AbortSignal;
  /** Ends only where writes under way have to be cut off, too. */
  readonly killSignal: AbortSignal;
  readonly hasStopped: boolean;
  /** By the database's clock, which wakes what waits. */
  nowMs(): number;
  /** What is known of a step at this place; new where it was not begun. */
  recordOf(step: Step, instance: Instance): StepRecord;
  executorOf(step: ExecutedStep): StepExecutor<ExecutedStep>;
  /** Runs steps one after another, beginning with this one. */
  runChain(first: string | null, instance: Instance): Promise<Outcome>;
  runOne(planned: PlannedStep, instance: Instance): Promise<Outcome>;
  /** Writes down how a step ended. */
  finish(
    record: StepRecord,
    end: { status: "succeeded"; output: unknown } | { status: "failed"; error: RunError },
  ): void;
  /** Ends a step that the engine does itself, for good. */
  failStep(record: StepRecord, cause: unknown): Outcome;
}
