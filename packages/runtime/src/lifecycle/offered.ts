import { isRunnable, type RunnableWorkflow } from "./admit.ts";
import type { DirectoryWorkflow } from "./directory-store.ts";
import type { OfferedWorkflow, OfferedWorkflows, WorkflowUser } from "./enrollments.ts";
import { isPermitted } from "./permissions.ts";

/** An integration's workflows as a connected user may see them. */
export function offeredTo(
  workflows: readonly DirectoryWorkflow[],
  user: WorkflowUser,
): Omit<OfferedWorkflows, "inputs"> {
  const offered = workflows
    .filter(isRunnable)
    .filter(({ trigger }) => trigger.type !== "enabled")
    .toSorted((a, b) => a.order - b.order || a.createdAt.getTime() - b.createdAt.getTime());
  const isFor = ({ permissions }: DirectoryWorkflow) => isPermitted(permissions, user);
  return {
    workflows: offered.filter(isFor).map(toOffered),
    notPermitted: offered.filter((workflow) => !isFor(workflow)).map(toOffered),
  };
}

function toOffered(workflow: RunnableWorkflow): OfferedWorkflow {
  const { id, integrationId, title, description, infoText, order } = workflow;
  const { defaultEnabled, hidden, permissions, createdAt, updatedAt } = workflow;
  return {
    id,
    integrationId,
    title,
    description,
    infoText,
    order,
    inputs: workflow.userSettings,
    defaultEnabled,
    hidden,
    permissions,
    triggerType: workflow.trigger.type,
    createdAt,
    updatedAt,
  };
}
