import { Condition, readPath, referencesOf, TemplateError } from "@tenon/workflow";
import * as z from "zod";
import type { Lacks } from "./workflows.ts";
import { DraftDefinition, type Workflow } from "./workflow.ts";
import { SettingInputs } from "./user-setting.ts";
import type { ProjectNames } from "./workflow-store.ts";

/** A workflow in a file: what {@link Workflows.export} gives and {@link Workflows.import} takes. */
export const ExportedWorkflow = z.object({
  format: z.literal("tenon.workflow"),
  formatVersion: z.literal(1),
  /** Connector id. */
  integration: z.string(),
  title: z.string().trim().min(1).max(200),
  description: z.string().max(5000).default(""),
  infoText: z.string().max(5000).nullable().default(null),
  userSettings: SettingInputs.default([]),
  permissions: Condition.nullable().default(null),
  definition: DraftDefinition,
});
export type ExportedWorkflow = z.output<typeof ExportedWorkflow>;

/** A workflow, with one of its definitions, as it leaves a project. */
export function toExported(workflow: Workflow, definition: DraftDefinition): ExportedWorkflow {
  const { connectorId, title, description, infoText, userSettings, permissions } = workflow;
  return {
    format: "tenon.workflow",
    formatVersion: 1,
    integration: connectorId,
    title,
    description,
    infoText,
    userSettings,
    permissions,
    definition,
  };
}

/** What a definition names that a project does not have. */
export function findLacks(
  definition: DraftDefinition,
  target: { names: ProjectNames; connectorId: string },
): Lacks {
  const { names, connectorId } = target;
  const integration = names.integrations.find((one) => one.connectorId === connectorId);
  const inputs = new Set(integration?.userSettings.map(({ id }) => id));
  const lacks = {
    events: new Set<string>(),
    secrets: new Set<string>(),
    inputs: new Set<string>(),
  };
  const event = readPath(definition, ["trigger", "event"]);
  if (typeof event === "string" && event !== "" && !names.events.has(event)) {
    lacks.events.add(event);
  }
  for (const reference of referencesIn(definition)) {
    if (reference.source === "secret" && !names.secrets.has(reference.name)) {
      lacks.secrets.add(reference.name);
    }
    const isShared = reference.source === "setting" && reference.level === "integration";
    if (isShared && !inputs.has(reference.inputId)) lacks.inputs.add(reference.inputId);
  }
  return {
    events: [...lacks.events],
    secrets: [...lacks.secrets],
    integrationSettings: [...lacks.inputs],
    integration: integration === undefined ? connectorId : null,
  };
}

/** Of a draft, which may hold texts that cannot be read: those hide the others of their step. */
function referencesIn(definition: DraftDefinition) {
  const { trigger, steps } = definition;
  const parts: unknown[] = [trigger, ...(Array.isArray(steps) ? steps : [])];
  return parts.flatMap((part) => {
    try {
      return referencesOf(part ?? null).map(({ reference }) => reference);
    } catch (cause) {
      if (cause instanceof TemplateError) return [];
      throw cause;
    }
  });
}
