import type { taskHistory } from "@tenon/contract";
import type { RunSummary, StepSummary } from "@tenon/runtime";
import type { Definition } from "@tenon/workflow";
import { toExecutionStatus, toExecutionType } from "./to-execution.ts";

/** The trigger, which is a step execution there, and the steps, each with what it followed. */
export function toStepExecutions(
  run: RunSummary & { input: unknown },
  steps: readonly StepSummary[],
  definition: Definition,
): taskHistory.StepExecution[] {
  const before = stepsBefore(definition);
  const all = [toTriggerExecution(run, definition), ...steps.map((step) => toStep(run.id, step))];
  const byId = new Map(all.map((one) => [one.id, one]));
  for (const step of steps) {
    const own = byId.get(stepExecutionId(step));
    const previous = byId.get(
      findPrevious(step, before.get(step.stepId), (id) => byId.has(id)) ?? "",
    );
    if (!own || !previous) continue;
    own.prev = previous.id;
    previous.next.push(own.id);
  }
  return all;
}

/** Names a step of a run, with its place in fan outs: `fetch`, `fetch:0.2`. */
export function stepExecutionId(step: Pick<StepSummary, "stepId" | "instance">): string {
  return step.instance.length === 0 ? step.stepId : `${step.stepId}:${step.instance.join(".")}`;
}

function toTriggerExecution(
  run: RunSummary & { input: unknown },
  { trigger }: Definition,
): taskHistory.StepExecution {
  return {
    id: trigger.id,
    stepId: trigger.id,
    workflowExecutionId: run.id,
    status: "SUCCEEDED",
    type: toExecutionType(`trigger:${run.triggerType}`),
    start: run.createdAt.toISOString(),
    end: (run.startedAt ?? run.createdAt).toISOString(),
    next: [],
    prev: null,
    inputSize: 0,
    outputSize: Buffer.byteLength(JSON.stringify(run.input ?? null)),
  };
}

function toStep(runId: string, step: StepSummary): taskHistory.StepExecution {
  return {
    id: stepExecutionId(step),
    stepId: step.stepId,
    workflowExecutionId: runId,
    status: toExecutionStatus(step.status),
    type: toExecutionType(step.type),
    start: step.startedAt.toISOString(),
    end: step.finishedAt?.toISOString() ?? null,
    next: [],
    prev: null,
    inputSize: step.inputSize,
    outputSize: step.outputSize,
  };
}

/** Each step's predecessor: the one step or trigger that names it. */
function stepsBefore({ trigger, steps }: Definition): Map<string, string> {
  const before = new Map<string, string>();
  for (const step of [trigger, ...steps]) {
    const named =
      step.type === "conditional"
        ? [...step.branches.map(({ next }) => next), step.otherwise.next]
        : step.type === "fanOut"
          ? [step.each]
          : [];
    for (const id of [step.next, ...named]) if (id !== null) before.set(id, step.id);
  }
  return before;
}

/** The predecessor stands in the same item of each fan out that is around both. */
function findPrevious(
  { instance }: StepSummary,
  stepId: string | undefined,
  exists: (id: string) => boolean,
): string | undefined {
  if (stepId === undefined) return undefined;
  for (let depth = instance.length; depth >= 0; depth -= 1) {
    const id = stepExecutionId({ stepId, instance: instance.slice(0, depth) });
    if (exists(id)) return id;
  }
  return undefined;
}
