import type { TriggerSource, WaitingWorkflow } from "@tenon/runtime";
import { type Listener, outputOf, type StartPlanner } from "../change.ts";

/** Creates what says which runs a change starts. */
export function createWorkflowPlanner(source: TriggerSource): StartPlanner {
  return {
    plan(change, listeners, matches) {
      const { id, projectId, connectionId, isOwn } = change;
      const event = { projectId, connectionId, key: id, output: outputOf(change), isOwn, matches };
      return source.plan(event, toWaiting(listeners));
    },
    readInputs: (at, listeners) => source.readInputs(at, toWaiting(listeners)),
  };
}

function toWaiting(listeners: readonly Listener[]): WaitingWorkflow[] {
  return listeners.flatMap(({ id, of }) =>
    of.kind === "workflow"
      ? [{ listenerId: id, workflowId: of.workflowId, configurationId: of.configurationId }]
      : [],
  );
}
