import { randomUUID } from "node:crypto";
import {
  Definition,
  exportParagon,
  importParagon,
  InvalidDefinitionError,
  ParagonFormatError,
} from "@tenon/workflow";
import { ExportedWorkflow, findLacks, toExported } from "./exported-workflow.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { paragonMapping } from "./paragon-mapping.ts";
import { requireStorable, parseInput } from "./parse-input.ts";
import type { DraftDefinition, Workflow } from "./workflow.ts";
import type { WorkflowsOptions } from "./create-workflows.ts";
import { type Finding, unknownVersion, unknownWorkflow } from "./workflow-finding.ts";
import type { WorkflowIntegration, WorkflowSeed } from "./workflow-store.ts";
import type { Imported, Workflows } from "./workflows.ts";

/** Bytes of a document with all that belongs to a workflow. */
const maxDocumentBytes = 4_000_000;

/** What can be made of a document, and what could not be taken over. */
interface Read {
  seed: Omit<WorkflowSeed, "id" | "projectId" | "integrationId">;
  warnings: string[];
}

/** How workflows leave projects and come into them. */
export function createTransfer(
  options: WorkflowsOptions,
  { get, getIntegration }: Finding,
): Pick<Workflows, "export" | "import" | "copy"> {
  const { workflows, connectors, changed } = options;

  async function definitionOf(workflow: Workflow, versionId?: string): Promise<DraftDefinition> {
    const { id, projectId } = workflow;
    if (versionId === undefined) {
      const draft = await workflows.readDraft(projectId, id);
      if (draft === undefined) throw unknownWorkflow(id);
      return draft.definition;
    }
    const version = await workflows.findVersion(projectId, id, versionId);
    if (version === undefined) throw unknownVersion(id, versionId);
    return version.definition;
  }

  async function place(integration: WorkflowIntegration, read: Read): Promise<Imported> {
    const { id: integrationId, projectId, connectorId } = integration;
    const { seed, warnings } = read;
    const names = await workflows.readNames(projectId);
    const workflow = await workflows.create({
      ...seed,
      id: randomUUID(),
      projectId,
      integrationId,
    });
    changed(projectId);
    return { workflow, lacks: findLacks(seed.draft, { names, connectorId }), warnings };
  }

  return {
    async export(projectId, workflowId, { format = "tenon", versionId } = {}) {
      const workflow = await get(projectId, workflowId);
      const definition = await definitionOf(workflow, versionId);
      switch (format) {
        case "tenon":
          return toExported(workflow, definition);
        case "paragon":
          return toParagon(workflow, definition, paragonMapping(connectors));
        default:
          return format satisfies never;
      }
    },

    async import(projectId, integrationId, document) {
      requireStorable(document, maxDocumentBytes, "document");
      const integration = await getIntegration(projectId, integrationId);
      const read = isOurs(document)
        ? fromExported(document, integration)
        : fromParagon(document, paragonMapping(connectors));
      return place(integration, read);
    },

    async copy(projectId, workflowId, target) {
      const workflow = await get(projectId, workflowId);
      const { integrations } = await workflows.readNames(target.projectId);
      const { connectorId } = workflow;
      const integration = integrations.find((one) => one.connectorId === connectorId);
      if (integration === undefined) {
        throw lifecycleError(
          "integration_not_found",
          `The project ${target.projectId} has no "${connectorId}" integration. Add it there first.`,
        );
      }
      await workflows.keepDraft(projectId, workflow.id, { kind: "saved", name: null });
      const exported = toExported(workflow, await definitionOf(workflow));
      return place(integration, fromExported(exported, integration));
    },
  };
}

/** Paragon's form, with what it cannot hold in `notes`: it takes no notice of them. */
function toParagon(
  { id, title, connectorId }: Workflow,
  draft: DraftDefinition,
  mapping: ReturnType<typeof paragonMapping>,
): unknown {
  const parsed = Definition.safeParse(draft);
  try {
    if (!parsed.success) throw new InvalidDefinitionError("It is not complete.");
    const options = { id, name: title, integration: connectorId, mapping };
    const { workflow, notes } = exportParagon(parsed.data, options);
    return { ...workflow, notes };
  } catch (cause) {
    if (!(cause instanceof InvalidDefinitionError)) throw cause;
    throw lifecycleError(
      "workflow_invalid",
      `The workflow "${title}" cannot be written in Paragon's form yet. ${cause.message} See its problems.`,
      { cause },
    );
  }
}

function isOurs(document: unknown): boolean {
  return typeof document === "object" && document !== null && "format" in document;
}

function fromExported(document: unknown, { connectorId }: WorkflowIntegration): Read {
  const parsed = parseInput(ExportedWorkflow, document, "document");
  const { integration, definition, format: _, formatVersion: __, ...seed } = parsed;
  const warnings =
    integration === connectorId
      ? []
      : [
          `The workflow was made for "${integration}" and is now one of "${connectorId}": look at its actions and trigger.`,
        ];
  return { seed: { ...seed, draft: definition }, warnings };
}

function fromParagon(document: unknown, mapping: ReturnType<typeof paragonMapping>): Read {
  try {
    const { name, definition, notes } = importParagon(document, mapping);
    return {
      seed: { title: name?.trim().slice(0, 200) || "Imported workflow", draft: definition },
      warnings: notes,
    };
  } catch (cause) {
    if (!(cause instanceof ParagonFormatError)) throw cause;
    throw lifecycleError(
      "invalid_request",
      `The document is neither a Tenon workflow ("format": "tenon.workflow") nor one of Paragon's. ${cause.message}`,
      { cause },
    );
  }
}
