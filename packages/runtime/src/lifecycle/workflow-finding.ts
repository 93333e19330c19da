import type { Connector } from "@tenon/connector";
import type { ProblemContext } from "@tenon/workflow";
import { findAllProblems, problemContext } from "./check-definition.ts";
import type { CheckCode } from "./find-code-problems.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import type { Draft, DraftDefinition, Workflow } from "./workflow.ts";
import type { WorkflowIntegration, WorkflowStore } from "./workflow-store.ts";

/** A draft, and what it is checked against. */
export interface DraftChecking {
  workflow: Workflow;
  draft: { revision: number; definition: DraftDefinition };
  check: { context: ProblemContext; checkCode: CheckCode };
}

/** What everything about workflows begins with. */
export interface Finding {
  /** Throws `workflow_not_found`. */
  get(projectId: string, workflowId: string): Promise<Workflow>;
  /** Throws `integration_not_found`. */
  getIntegration(projectId: string, integrationId: string): Promise<WorkflowIntegration>;
  /** The draft with all that checking it takes. Throws `workflow_not_found`. */
  readChecking(projectId: string, workflowId: string): Promise<DraftChecking>;
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
  async function readChecking(projectId: string, workflowId: string) {
    const workflow = await get(projectId, workflowId);
    const [draft, names] = await Promise.all([
      workflows.readDraft(projectId, workflow.id),
      workflows.readNames(projectId),
    ]);
    if (draft === undefined) throw unknownWorkflow(workflowId);
    const context = problemContext(workflow, names, connectors);
    return { workflow, draft, check: { context, checkCode } };
  }
  return {
    get,
    readChecking,
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
      const { workflow, draft, check } = await readChecking(projectId, workflowId);
      const problems = await findAllProblems(draft.definition, check);
      return { workflowId: workflow.id, ...draft, problems };
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
