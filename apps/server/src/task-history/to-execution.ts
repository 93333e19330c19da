import type { taskHistory } from "@tenon/contract";
import type { RunStatus, RunSummary, StepRunStatus } from "@tenon/runtime";
import type { Step, Trigger } from "@tenon/workflow";

/** A run in the words of Paragon's Task History API. */
export function toExecution(run: RunSummary, now: Date): taskHistory.WorkflowExecution {
  const started = run.startedAt ?? run.createdAt;
  const until = run.finishedAt ?? now;
  return {
    id: run.id,
    userId: run.userId,
    workflowId: run.workflowId,
    status: toExecutionStatus(run.status),
    taskCount: run.taskCount,
    runDuration: Math.max(0, until.getTime() - started.getTime()),
    dateStarted: started.toISOString(),
    dateEnded: run.finishedAt?.toISOString() ?? null,
  };
}

export function toExecutionStatus(status: RunStatus | StepRunStatus): taskHistory.ExecutionStatus {
  switch (status) {
    case "queued":
    case "running":
      return "EXECUTING";
    case "waiting":
    case "paused":
      return "DELAYED";
    case "succeeded":
    case "skipped":
      return "SUCCEEDED";
    case "failed":
    case "cancelled":
      return "FAILED";
  }
}

/** The statuses of runs that a status of Paragon's stands for. */
export function toRunStatuses(status: taskHistory.ExecutionStatus): RunStatus[] {
  switch (status) {
    case "EXECUTING":
      return ["queued", "running"];
    case "DELAYED":
      return ["waiting", "paused"];
    case "SUCCEEDED":
      return ["succeeded"];
    case "FAILED":
      return ["failed", "cancelled"];
  }
}

/** The name of a trigger's or step's type in Paragon's compiled workflows. */
export function toExecutionType(type: string): string {
  return Object.hasOwn(types, type) ? types[type as keyof typeof types] : type.toUpperCase();
}

/** Triggers and steps share `request`: a trigger's type is asked for as `trigger:request`. */
const types = {
  "trigger:event": "TRIGGER/EVENT",
  "trigger:request": "TRIGGER/ENDPOINT",
  "trigger:schedule": "TRIGGER/CRON",
  "trigger:enabled": "TRIGGER/INTEGRATION_ENABLED",
  "trigger:integration": "TRIGGER/ACTION",
  action: "ACTION/CUSTOM",
  integrationRequest: "ACTION/CUSTOM_INTEGRATION_REQUEST",
  request: "ACTION/REQUEST",
  function: "ACTION/FUNCTION",
  conditional: "TRANSITION/IFELSE",
  fanOut: "TRANSITION/MAP",
  delay: "TRANSITION/DELAY",
  response: "ACTION/RESPONSE",
} satisfies Record<Step["type"] | `trigger:${Trigger["type"]}`, string>;
