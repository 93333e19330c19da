import { Definition, InvalidDefinitionError, type Plan, planWorkflow } from "@tenon/workflow";
import { lifecycleError } from "./lifecycle-error.ts";
import type { WorkflowStore } from "./workflow-store.ts";

/** Plans of versions, in memory: versions never change. For the engine. */
export interface PlanSource {
  /** Throws `version_not_found`, `workflow_invalid`. */
  readPlan(version: { projectId: string; versionId: string }): Plan | Promise<Plan>;
}

const maxPlans = 1000;

/** Creates the source; the plans that were asked for last are kept. */
export function createPlanSource(workflows: Pick<WorkflowStore, "readDefinition">): PlanSource {
  const held = new Map<string, Plan>();
  const loads = new Map<string, Promise<Plan>>();

  async function load(key: string, projectId: string, versionId: string): Promise<Plan> {
    try {
      const plan = toPlan(versionId, await workflows.readDefinition(projectId, versionId));
      if (held.size >= maxPlans) {
        const oldest = held.keys().next();
        if (!oldest.done) held.delete(oldest.value);
      }
      held.set(key, plan);
      return plan;
    } finally {
      loads.delete(key);
    }
  }

  return {
    readPlan({ projectId, versionId }) {
      const key = `${projectId} ${versionId}`;
      const plan = held.get(key);
      if (plan !== undefined) {
        // Asked for again: the last to go.
        held.delete(key);
        held.set(key, plan);
        return plan;
      }
      const underway = loads.get(key) ?? load(key, projectId, versionId);
      loads.set(key, underway);
      return underway;
    },
  };
}

function toPlan(versionId: string, stored: unknown): Plan {
  if (stored === undefined) {
    throw lifecycleError(
      "version_not_found",
      `The project has no workflow version "${versionId}".`,
    );
  }
  const parsed = Definition.safeParse(stored);
  try {
    if (parsed.success) return planWorkflow(parsed.data);
  } catch (cause) {
    if (!(cause instanceof InvalidDefinitionError)) throw cause;
  }
  throw lifecycleError(
    "workflow_invalid",
    `The workflow version ${versionId} cannot be run by this Tenon. Open the workflow, see its problems and deploy it again.`,
  );
}
