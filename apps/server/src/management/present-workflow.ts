import type { workflowSchemas } from "@tenon/contract";
import type { Draft, Imported, Version, Workflow } from "@tenon/runtime";
import type * as z from "zod";

/** A workflow as the API shows it. */
export function toWorkflow(workflow: Workflow): z.input<typeof workflowSchemas.Workflow> {
  const { deployed } = workflow;
  return {
    id: workflow.id,
    integrationId: workflow.integrationId,
    integration: workflow.connectorId,
    title: workflow.title,
    description: workflow.description,
    infoText: workflow.infoText,
    order: workflow.order,
    userSettings: workflow.userSettings,
    defaultEnabled: workflow.defaultEnabled,
    hidden: workflow.hidden,
    permissions: workflow.permissions,
    draftRevision: workflow.draftRevision,
    deployed: deployed && {
      versionId: deployed.versionId,
      number: deployed.number,
      dateCreated: deployed.createdAt.toISOString(),
    },
    dateCreated: workflow.createdAt.toISOString(),
    dateUpdated: workflow.updatedAt.toISOString(),
  };
}

export function toDraft(draft: Draft): z.input<typeof workflowSchemas.Draft> {
  const { workflowId, revision, definition, problems } = draft;
  return { workflowId, revision, definition, problems };
}

export function toVersion(version: Version): z.input<typeof workflowSchemas.Version> {
  return {
    id: version.id,
    workflowId: version.workflowId,
    number: version.number,
    kind: version.kind,
    name: version.name,
    isDeployed: version.isDeployed,
    dateCreated: version.createdAt.toISOString(),
  };
}

export function toImported(imported: Imported): z.input<typeof workflowSchemas.Imported> {
  const { workflow, lacks, warnings } = imported;
  return { workflow: toWorkflow(workflow), lacks, warnings };
}
