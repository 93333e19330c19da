import { Definition, type Plan, planWorkflow } from "@tenon/workflow";
import type { WorkflowStore } from "./workflow-store.ts";

/** A workflow that uses something, as errors name it. */
export interface Use {
  id: string;
  title: string;
}

/** The project's deployed workflows whose plan uses something. */
export async function findUses(
  workflows: WorkflowStore,
  projectId: string,
  uses: (plan: Plan) => boolean,
): Promise<Use[]> {
  const deployed = await workflows.listDeployed(projectId);
  return deployed
    .filter(({ definition }) => uses(planWorkflow(Definition.parse(definition))))
    .map(({ id, title }) => ({ id, title }));
}

/** Titles for a sentence. */
export function nameUses(uses: readonly Use[]): string {
  return uses.map(({ title }) => `"${title}"`).join(", ");
}
