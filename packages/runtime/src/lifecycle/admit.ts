import type { AppError } from "@tenon/connector";
import type { DirectoryView } from "./directory.ts";
import type { DirectoryWorkflow } from "./directory-store.ts";
import type { Enrollee } from "./enrollment-store.ts";
import type { WorkflowUser } from "./enrollments.ts";
import { lifecycleError, type LifecycleErrorCode } from "./lifecycle-error.ts";
import { isPermitted } from "./permissions.ts";
import { unknownWorkflow } from "./workflow-finding.ts";
import type { WorkflowIntegration } from "./workflow-store.ts";
import { stateOf } from "./workflow-states.ts";

/** A workflow that runs are started with now. */
export type RunnableWorkflow = DirectoryWorkflow & {
  trigger: NonNullable<DirectoryWorkflow["trigger"]>;
  deployed: NonNullable<DirectoryWorkflow["deployed"]>;
};

/** The project's workflow; throws `workflow_not_found`, `workflow_not_deployed`. */
export function findRunnable(view: DirectoryView, workflowId: string): RunnableWorkflow {
  const workflow = view.workflows.get(workflowId.toLowerCase());
  if (workflow === undefined) throw unknownWorkflow(workflowId);
  if (isRunnable(workflow)) return workflow;
  throw lifecycleError(
    "workflow_not_deployed",
    `The workflow "${workflow.title}" is not deployed. Deploy it, then call it again.`,
  );
}

export function isRunnable(workflow: DirectoryWorkflow): workflow is RunnableWorkflow {
  return workflow.trigger !== null && workflow.deployed !== null;
}

/** Throws `integration_inactive`. */
export function requireActive(integration: WorkflowIntegration | undefined): void {
  const refusal = refuseInactive(integration);
  if (refusal !== undefined) throw refusal;
}

/** Throws `workflow_not_permitted`. */
export function requirePermitted(workflow: PermittedWorkflow, user: WorkflowUser): void {
  const refusal = refuseUnpermitted(workflow, user);
  if (refusal !== undefined) throw refusal;
}

/** Why a workflow does not run for a configuration; undefined where it does. */
export function refuseRun(
  view: DirectoryView,
  workflow: RunnableWorkflow,
  { user, connection, configuration }: Enrollee,
): AppError<LifecycleErrorCode> | undefined {
  const integration = view.integrations.get(workflow.integrationId);
  const refusal = refuseInactive(integration) ?? refuseUnpermitted(workflow, user);
  if (refusal !== undefined) return refusal;
  if (connection.status !== "VALID") {
    const reason = connection.invalidReason === null ? "." : `: ${connection.invalidReason}`;
    return lifecycleError(
      "connection_invalid",
      `The connection ${connection.id} no longer works${reason} The user has to connect the account again.`,
    );
  }
  const isOn =
    workflow.trigger.type === "enabled" ||
    stateOf(configuration.workflowSettings, workflow.id).enabled;
  if (isOn) return undefined;
  return lifecycleError(
    "workflow_not_enabled",
    `The workflow "${workflow.title}" is not enabled for this user's account. Enable it first.`,
  );
}

type PermittedWorkflow = Pick<DirectoryWorkflow, "title" | "permissions">;

function refuseInactive(integration: WorkflowIntegration | undefined) {
  if (integration?.isActive === true) return undefined;
  return lifecycleError(
    "integration_inactive",
    `The integration "${integration?.connectorId ?? ""}" is switched off in this project. Switch it on to run its workflows.`,
  );
}

function refuseUnpermitted(workflow: PermittedWorkflow, user: WorkflowUser) {
  if (isPermitted(workflow.permissions, user)) return undefined;
  return lifecycleError(
    "workflow_not_permitted",
    `The workflow "${workflow.title}" is not permitted for this user: their metadata does not fulfil its permissions.`,
  );
}
