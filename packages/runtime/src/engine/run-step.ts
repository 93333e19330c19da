import { setTimeout as delay } from "node:timers/promises";
import { evaluate, type PlannedStep, resolveValue, UnwritableValueError } from "@tenon/workflow";
import { AppError } from "@tenon/connector";
import type { RunError, StepRecord } from "../run.ts";
import type { StepContext } from "../step-executor.ts";
import { StepFailure, type StepFailureCode, stepFailureCodes } from "../step-failure.ts";
import { doOnce, NotBegun } from "./once.ts";
import type { ExecutedStep, Execution } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import { countAttempts, nextAttemptInMs, shortenAttempts } from "./step-attempts.ts";
import type { Instance } from "./step-key.ts";

/** A wait that is shorter keeps the worker. */
const shortWaitMs = 1_500;

/** Runs one step until it is done, fails for good or has to wait. */
export async function runStep(
  execution: Execution,
  planned: PlannedStep & { step: ExecutedStep },
  instance: Instance,
): Promise<Outcome> {
  const { step } = planned;
  const record = execution.recordOf(step, instance);
  if (record.status === "succeeded" || (record.status === "failed" && mayGoOn(step))) {
    execution.values.setOutput(step.id, instance, outputOf(record));
    return { kind: "done" };
  }
  const dueAt = Date.parse(record.attempts.at(-1)?.nextAt ?? "");
  if (record.status === "waiting" && dueAt > execution.nowMs() + shortWaitMs) {
    return { kind: "suspended", untilMs: dueAt };
  }
  for (;;) {
    const outcome = await attempt(execution, planned, record);
    if (outcome !== "again") return outcome;
  }
}

async function attempt(
  execution: Execution,
  planned: PlannedStep & { step: ExecutedStep },
  record: StepRecord,
): Promise<Outcome | "again"> {
  const { step } = planned;
  const { instance } = record;
  const current = { startedAt: new Date().toISOString() };
  record.status = "running";
  record.attempts.push(current);
  try {
    const output = await execute(execution, planned, record);
    Object.assign(current, { finishedAt: new Date().toISOString() });
    execution.finish(record, { status: "succeeded", output });
    execution.values.setOutput(step.id, instance, record.output);
    if (step.type !== "response") execution.run.taskCount += 1;
    return { kind: "done" };
  } catch (error) {
    if (execution.hasStopped && !isUnknown(error)) {
      // It was cut off, and counts as not tried. What of it was begun is in its parts.
      record.attempts.pop();
      record.status = "waiting";
      execution.journal.write(record);
      return { kind: "stopped" };
    }
    const failure = toFailure(error, execution);
    const runError = execution.redactor.redact(toRunError(failure, record));
    Object.assign(current, { finishedAt: new Date().toISOString(), error: runError });
    return afterFailure(execution, { planned, record, failure, runError });
  }
}

async function afterFailure(
  execution: Execution,
  failed: {
    planned: PlannedStep & { step: ExecutedStep };
    record: StepRecord;
    failure: StepFailure;
    runError: RunError;
  },
): Promise<Outcome | "again"> {
  const { planned, record, failure, runError } = failed;
  const { step } = planned;
  const current = record.attempts.at(-1);
  const retry = "retry" in step && !execution.run.test ? step.retry : { delaysMs: [] };
  const waitMs = execution.run.test ? undefined : nextAttemptInMs(record.attempts, failure, retry);
  if (waitMs === undefined || current === undefined) {
    execution.finish(record, { status: "failed", error: runError });
    if (step.type !== "response") execution.run.taskCount += 1;
    if (!mayGoOn(step)) return { kind: "failed", error: runError };
    execution.values.setOutput(step.id, record.instance, outputOf(record));
    return { kind: "done" };
  }
  const untilMs = execution.nowMs() + waitMs;
  current.nextAt = new Date(untilMs).toISOString();
  if (failure.retryAfterMs !== undefined) current.busy = true;
  shortenAttempts(record.attempts);
  record.status = "waiting";
  execution.journal.write(record);
  if (waitMs > shortWaitMs) return { kind: "suspended", untilMs };
  await delay(waitMs, undefined, { signal: execution.stopSignal }).catch(() => undefined);
  return execution.hasStopped ? { kind: "stopped" } : "again";
}

async function execute(
  execution: Execution,
  planned: PlannedStep & { step: ExecutedStep },
  record: StepRecord,
): Promise<unknown> {
  const { step } = planned;
  const { instance } = record;
  const executor = execution.executorOf(step);
  const effect = executor.effectOf(step);
  const repeats = effect.effect !== "write" || effect.repeatable;
  const input = resolveInput(execution, planned, instance);
  record.input = execution.redactor.redact(input);
  execution.journal.write(record);
  const parts = {
    parts: record.progress,
    redact: <T>(result: T) => execution.redactor.redact(result),
    commit: () => {
      execution.journal.write(record);
      return execution.journal.commit();
    },
    assertMayBegin() {
      if (execution.hasStopped) throw new NotBegun("The run was asked to stop.");
    },
  };
  const keyRunId = execution.run.context.idempotencyRunId ?? execution.run.id;
  const place = instance.length === 0 ? "" : `:${instance.join(".")}`;
  const context: StepContext<ExecutedStep> = {
    owner: {
      runId: execution.run.id,
      projectId: execution.run.projectId,
      workflowId: execution.run.workflowId,
      connectionId: execution.run.connectionId,
      test: execution.run.test,
    },
    plan: execution.plan,
    planned,
    input,
    resolveWith: (self) => resolveWith(execution, planned, { instance, self }),
    attempt: countAttempts(record.attempts),
    idempotencyKey: `${keyRunId}:${step.id}${place}`,
    // A write that is under way is not cut off by a cancellation: its outcome would be unknown.
    signal: repeats ? execution.stopSignal : execution.killSignal,
    hide: (name, value) => execution.redactor.hide(name, value),
    once: (name, part, check) => doOnce(parts, { name, part, check }),
  };
  // An action journals each of its writes by itself.
  if (repeats || step.type === "action") return executor.run(context);
  return doOnce(parts, { name: "send", part: () => executor.run(context) });
}

function resolveInput(execution: Execution, planned: PlannedStep, instance: Instance) {
  const scope = execution.values.scopeAt(planned.step.id, instance);
  return resolveValue(planned.input, scope) as Record<string, unknown>;
}

function resolveWith(
  execution: Execution,
  planned: PlannedStep,
  at: { instance: Instance; self: unknown },
) {
  const scope = execution.values.scopeAt(planned.step.id, at.instance, at.self);
  const { pagination } = planned;
  return {
    input: resolveValue(planned.input, scope) as Record<string, unknown>,
    items: pagination && resolveValue(pagination.items, scope),
    pageToken: pagination && resolveValue(pagination.pageToken, scope),
    stop: pagination?.stopWhen !== undefined && evaluate(pagination.stopWhen, scope),
  };
}

/** Not even a stop hides that nobody knows what a write did. */
function isUnknown(error: unknown): boolean {
  return error instanceof StepFailure && error.code === "outcome_unknown";
}

function mayGoOn(step: ExecutedStep): boolean {
  return "continueOnFailure" in step && step.continueOnFailure;
}

/** What later steps see of a step. */
function outputOf(record: StepRecord): unknown {
  return record.status === "failed" ? { error: record.error } : record.output;
}

function toRunError(failure: StepFailure, record: StepRecord): RunError {
  return {
    code: failure.code,
    message: failure.message,
    stepId: record.stepId,
    ...(record.instance.length > 0 && { instance: record.instance }),
    ...(Object.keys(failure.details).length > 0 && { details: failure.details }),
  };
}

/** Executors throw {@link StepFailure}; what else comes out of one is a fault of ours, and logged. */
function toFailure(error: unknown, execution: Execution): StepFailure {
  if (error instanceof StepFailure) return error;
  if (error instanceof AppError && isFailureCode(error.code)) {
    return new StepFailure(error.code, error.message, { cause: error });
  }
  if (error instanceof UnwritableValueError) {
    return new StepFailure("invalid_input", error.message, { cause: error });
  }
  execution.log.error({ err: error, runId: execution.run.id }, "A step threw what it may not");
  return new StepFailure(
    "internal_error",
    "Something went wrong inside Tenon. Its log has the cause.",
    {
      cause: error,
      details: { runId: execution.run.id },
    },
  );
}

function isFailureCode(code: string): code is StepFailureCode {
  return Object.hasOwn(stepFailureCodes, code);
}
