import type { runs } from "@tenon/contract";
import type { RunSummary, StepSummary } from "@tenon/runtime";

/** A run as the API shows it. */
export function toRun(run: RunSummary): runs.Run {
  return {
    id: run.id,
    workflowId: run.workflowId,
    versionId: run.versionId,
    integrationId: run.integrationId,
    connectionId: run.connectionId,
    configurationId: run.configurationId,
    userId: run.userId,
    triggerType: run.triggerType,
    status: run.status,
    test: run.test,
    ...(run.replayOf !== undefined && { replayOf: run.replayOf }),
    taskCount: run.taskCount,
    ...(run.error && { error: run.error }),
    dateCreated: run.createdAt.toISOString(),
    ...(run.startedAt && { dateStarted: run.startedAt.toISOString() }),
    ...(run.finishedAt && { dateFinished: run.finishedAt.toISOString() }),
    ...(run.wakeAt && { dateWake: run.wakeAt.toISOString() }),
    dateUpdated: run.updatedAt.toISOString(),
  };
}

/** A step of a run as the API shows it. */
export function toStepRun(step: StepSummary): runs.StepRun {
  return {
    stepId: step.stepId,
    instance: step.instance,
    type: step.type,
    status: step.status,
    attempts: step.attempts,
    input: step.input,
    output: step.output,
    inputSize: step.inputSize,
    outputSize: step.outputSize,
    isLargeInput: step.isLargeInput,
    isLargeOutput: step.isLargeOutput,
    ...(step.error && { error: step.error }),
    dateStarted: step.startedAt.toISOString(),
    ...(step.finishedAt && { dateFinished: step.finishedAt.toISOString() }),
    dateUpdated: step.updatedAt.toISOString(),
  };
}

/** Whether nothing more will happen to a run of this status. */
export function isOver(status: runs.RunStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}
