import { compileValue, resolveValue } from "@tenon/workflow";
import * as z from "zod";
import type { Engine } from "../engine/engine.ts";
import { isRunnable, type RunnableWorkflow } from "./admit.ts";
import type { Directory, DirectoryView } from "./directory.ts";
import type { EnrollmentStore } from "./enrollment-store.ts";
import { pairUp, startAll, type StartPair } from "./send-event.ts";
import { enrolleeScope } from "./user-scope.ts";
import type { ConnectionEvent, TriggerSource } from "./starts.ts";

/**
 * Creates what sources of provider events start runs through.
 *
 * - The same key again starts nothing anew: a source tells it again until it knows that it arrived.
 */
export function createTriggerSource(options: {
  directory: Directory;
  enrollments: EnrollmentStore;
  engine: Engine;
}): TriggerSource {
  const { directory, enrollments, engine } = options;
  return {
    async startForConnection(event) {
      const { projectId, connectionId, trigger, key, payload } = event;
      const view = await directory.get(projectId);
      const workflows = startedBy(view, trigger);
      if (workflows.length === 0) return [];
      const enrollees = await enrollments.list(projectId, { connectionId });
      const pairs = pairUp(view, workflows, enrollees).filter((pair) => matches(event, pair));
      const start = { triggerType: "integration", input: { result: payload } } as const;
      return startAll(engine, pairs, { ...start, key: JSON.stringify([trigger, key]) });
    },
  };
}

function startedBy(view: DirectoryView, triggerId: string): RunnableWorkflow[] {
  return [...view.workflows.values()]
    .filter(isRunnable)
    .filter(({ trigger }) => trigger.type === "integration" && trigger.trigger === triggerId);
}

const Input = z.record(z.string(), z.unknown());

function matches(event: ConnectionEvent, { workflow, enrollee }: StartPair): boolean {
  if (event.matches === undefined || workflow.trigger.type !== "integration") return true;
  const scope = enrolleeScope(enrollee, workflow.id);
  return event.matches(Input.parse(resolveValue(compileValue(workflow.trigger.input), scope)));
}
