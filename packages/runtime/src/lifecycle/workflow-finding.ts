import type { Connector } from "@tenon/connector";
import { findProblems } from "@tenon/workflow";
import { type CheckCode, findCodeProblems } from "./find-code-problems.ts";
import { problemContext } from "./check-definition.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import type { Draft, Workflow } from "./workflow.ts";
import type { WorkflowIntegration, WorkflowStore } from "./workflow-store.ts";

/** What everything about workflows begins with. */
export interface Finding {
  /** Throws `workflow_not_found`. */
  get(projectId: string, workflowId: string): Promise<Workflow>;
  /** Throws `integration_not_found`. */
  getIntegration(projectId: string, integrationId: string): Promise<WorkflowIntegration>;
  /** The draft with its problems. Throws `workflow_not_found`. */
  readDraft(projectId: string, workflowId: string): Promise<Draft>;
}

/** Finds workflows and what they belong to. */
export function createFinding(options: {
  workflows: WorkflowStore;
  connectors: ReadonlyMap<string, Connector>;
  checkCode: CheckCode;
}): Finding {
  const { workflows, connectors, checkCode } = options;
  async function get(projectId: string, workflowId: string): Promise<Workflow> {
    const workflow = await workflows.find(projectId, workflowId);
    if (workflow === undefined) throw unknownWorkflow(workflowId);
    return workflow;
  }
  return {
    get,
    async getIntegration(projectId, integrationId) {
      const { integrations } = await workflows.readNames(projectId);
      const integration = integrations.find(({ id }) => id === integrationId.toLowerCase());
      if (integration !== undefined) return integration;
      throw lifecycleError(
        "integration_not_found",
        `The project has no integration with the id "${integrationId}".`,
      );
    },
    async readDraft(projectId, workflowId) {
      const workflow = await get(projectId, workflowId);
      const [draft, names] = await Promise.all([
        workflows.readDraft(projectId, workflowId),
        workflows.readNames(projectId),
      ]);
      if (draft === undefined) throw unknownWorkflow(workflowId);
      const context = problemContext(workflow, names, connectors);
      return {
        workflowId: workflow.id,
        ...draft,
        problems: [
          ...findProblems(draft.definition, context),
          ...(await findCodeProblems(draft.definition, checkCode)),
        ],
      };
    },
  };
}

export function unknownWorkflow(workflowId: string) {
  return lifecycleError("workflow_not_found", `The project has no workflow "${workflowId}".`);
}

export function unknownVersion(workflowId: string, versionId: string) {
  return lifecycleError(
    "version_not_found",
    `The workflow "${workflowId}" has no version "${versionId}".`,
  );
}
