import type { Log } from "@tenon/connections";
import { type Plan, type PlannedStep, resolveValue, type Step } from "@tenon/workflow";
import type { Reply, RunError, RunStatus, StepRecord } from "../run.ts";
import type { StepExecutor } from "../step-executor.ts";
import { StepFailure } from "../step-failure.ts";
import type { ExecutedStep, Execution, StepExecutors } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import type { Redactor } from "./redact.ts";
import type { RunJournal } from "./run-journal.ts";
import { runConditional } from "./run-conditional.ts";
import { runDelay } from "./run-delay.ts";
import { runStep } from "./run-step.ts";
import { type ClaimedRun, RunLost } from "./run-store.ts";
import type { RunValues } from "./run-values.ts";
import { runFanOut } from "./run-fan-out.ts";
import { type Instance, stepKey } from "./step-key.ts";

type StopReason = "cancel" | "pause" | "shutdown" | "lost";

export interface ExecutionParts {
  run: ClaimedRun;
  plan: Plan;
  values: RunValues;
  redactor: Redactor;
  executors: StepExecutors;
  /** Steps that were begun or done in an earlier life of the run. */
  records: readonly StepRecord[];
  openJournal(execution: RunExecution): RunJournal;
  /** Told when a Response step's answer is durable. */
  onReply(reply: Reply): void;
  log: Log;
}

/**
 * One life of a run in this process: from its claim until it ends, waits or is taken away.
 *
 * It walks the workflow from its first step every time; what is in the journal is not done again.
 */
export class RunExecution implements Execution {
  readonly run: ClaimedRun;
  readonly plan: Plan;
  readonly values: RunValues;
  readonly redactor: Redactor;
  readonly journal: RunJournal;
  readonly log: Log;
  readonly #parts: ExecutionParts;
  readonly #records: Map<string, StepRecord>;
  readonly #stopped = new AbortController();
  readonly #killed = new AbortController();
  readonly #begunAt = performance.now();
  #stopReason: StopReason | undefined;
  #fault: unknown;

  constructor(parts: ExecutionParts) {
    this.run = parts.run;
    this.plan = parts.plan;
    this.values = parts.values;
    this.redactor = parts.redactor;
    this.log = parts.log;
    this.#parts = parts;
    this.#records = new Map(parts.records.map((one) => [stepKey(one.stepId, one.instance), one]));
    this.journal = parts.openJournal(this);
  }

  /** Ends with everything that asks the run to stop. */
  get stopSignal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Ends only where writes under way have to be cut off, too. */
  get killSignal(): AbortSignal {
    return this.#killed.signal;
  }

  get hasStopped(): boolean {
    return this.#stopReason !== undefined;
  }

  nowMs(): number {
    // Not by our own clock, which may jump while the run is under way.
    return this.run.claimedAt.getTime() + performance.now() - this.#begunAt;
  }

  /** The step under way ends where it can; none is begun any more. The first reason counts. */
  stop(reason: StopReason): void {
    this.#stopReason ??= reason;
    // At a shutdown a step gets the time to end; what has no future is cut off.
    if (reason !== "shutdown" && reason !== "pause") this.#stopped.abort();
    if (reason === "lost") this.#killed.abort();
  }

  /** At the end of the time that a shutdown gives. */
  kill(): void {
    this.stop("shutdown");
    this.#stopped.abort();
    this.#killed.abort();
  }

  /** Why the run cannot be written, where that is not because another worker has it. */
  get fault(): unknown {
    return this.#fault;
  }

  /** The journal cannot be written any more. */
  lose(error: unknown): void {
    if (!(error instanceof RunLost)) this.#fault = error;
    this.stop("lost");
  }

  /** Answers the status it was left with; undefined where it was lost. Never throws. */
  async execute(): Promise<RunStatus | undefined> {
    const outcome = await this.#walk().catch((error: unknown) => this.#failUnexpectedly(error));
    return this.#end(outcome).catch(() => undefined);
  }

  #failUnexpectedly(error: unknown): Outcome {
    if (this.#stopReason === "lost") return { kind: "stopped" };
    this.log.error({ err: error, runId: this.run.id }, "A run came upon a fault of ours");
    const message = "Something went wrong inside Tenon. Its log has the cause under the run's id.";
    return { kind: "failed", error: { code: "internal_error", message } };
  }

  recordOf(step: Step, instance: Instance): StepRecord {
    const key = stepKey(step.id, instance);
    const known = this.#records.get(key);
    if (known !== undefined) return known;
    const record: StepRecord = {
      stepId: step.id,
      instance,
      place: this.#records.size,
      type: step.type,
      status: "running",
      attempts: [],
      progress: {},
      input: undefined,
      output: undefined,
      error: undefined,
      startedAt: new Date(),
      finishedAt: undefined,
    };
    this.#records.set(key, record);
    return record;
  }

  /** Writes down how a step ended. */
  finish(
    record: StepRecord,
    end: { status: "succeeded"; output: unknown } | { status: "failed"; error: RunError },
  ): void {
    record.status = end.status;
    record.finishedAt = new Date();
    if (end.status === "failed") record.error = end.error;
    else record.output = this.redactor.redact(end.output);
    // The parts have served: what they led to is the output.
    record.progress = {};
    this.journal.write(record);
    if (record.type === "response" && end.status === "succeeded") this.#tellReply(record);
  }

  executorOf(step: ExecutedStep): StepExecutor<ExecutedStep> {
    // Each executor takes the steps of its own type, by which it was looked up.
    const executor: unknown = this.#parts.executors[step.type];
    return executor as StepExecutor<ExecutedStep>;
  }

  /** Runs steps one after another, beginning with this one. */
  async runChain(first: string | null, instance: Instance): Promise<Outcome> {
    let next = first;
    while (next !== null) {
      if (this.hasStopped) return { kind: "stopped" };
      const planned = this.plan.steps.get(next);
      if (planned === undefined) throw new Error(`The plan has no step ${next}.`);
      const outcome = await this.runOne(planned, instance);
      if (outcome.kind !== "done") return outcome;
      next = planned.step.next;
    }
    return { kind: "done" };
  }

  async runOne(planned: PlannedStep, instance: Instance): Promise<Outcome> {
    const { step } = planned;
    switch (step.type) {
      case "conditional":
        return runConditional(this, { ...planned, step }, instance);
      case "fanOut":
        return runFanOut(this, { ...planned, step }, instance);
      case "delay":
        return runDelay(this, { ...planned, step }, instance);
      default:
        return runStep(this, { ...planned, step }, instance);
    }
  }

  #walk(): Promise<Outcome> {
    const { onlyStep } = this.run;
    if (onlyStep === undefined) return this.runChain(this.plan.trigger.next, []);
    const planned = this.plan.steps.get(onlyStep);
    if (planned === undefined) throw new Error(`The plan has no step ${onlyStep}.`);
    return this.runOne(planned, this.#firstInstance(planned));
  }

  /** A step that is tested by itself inside of fan outs is run for their first items. */
  #firstInstance(planned: PlannedStep): Instance {
    const instance: number[] = [];
    for (const fanOutId of planned.fanOuts) {
      const fanOut = this.plan.steps.get(fanOutId);
      if (fanOut === undefined) continue;
      const scope = this.values.scopeAt(fanOutId, instance);
      const { items } = resolveValue(fanOut.input, scope) as { items: unknown };
      this.values.setItems(fanOutId, [...instance], Array.isArray(items) ? items : []);
      instance.push(0);
    }
    return instance;
  }

  /** Ends a step that the engine does itself, for good. */
  failStep(record: StepRecord, cause: unknown): Outcome {
    if (!(cause instanceof StepFailure)) throw cause;
    const error: RunError = this.redactor.redact({
      code: cause.code,
      message: cause.message,
      stepId: record.stepId,
      ...(record.instance.length > 0 && { instance: record.instance }),
    });
    this.finish(record, { status: "failed", error });
    return { kind: "failed", error };
  }

  #tellReply(record: StepRecord): void {
    const reply = record.output as Reply;
    void this.journal.commit().then(
      () => this.#parts.onReply(reply),
      () => undefined,
    );
  }

  async #end(outcome: Outcome): Promise<RunStatus | undefined> {
    switch (outcome.kind) {
      case "done":
        return this.journal.end("succeeded");
      case "failed":
        return this.journal.end("failed", { error: outcome.error });
      case "suspended":
        if (this.hasStopped) return this.#endStopped();
        return this.journal.end("waiting", { wakeAt: new Date(outcome.untilMs) });
      case "stopped":
        return this.#endStopped();
    }
  }

  /** Steps that a cancelled run waited in, or did not get to begin. */
  #skipUnfinished(): void {
    for (const record of this.#records.values()) {
      if (record.status !== "waiting" && record.status !== "running") continue;
      record.status = "skipped";
      record.progress = {};
      this.journal.write(record);
    }
  }

  async #endStopped(): Promise<RunStatus | undefined> {
    switch (this.#stopReason) {
      case "cancel":
        this.#skipUnfinished();
        return this.journal.end("cancelled", {
          error: { code: "cancelled", message: "The run was cancelled." },
        });
      case "pause":
        return this.journal.end("paused");
      case "shutdown":
        return this.journal.end("queued");
      case "lost":
      case undefined:
        return undefined;
    }
  }
}
