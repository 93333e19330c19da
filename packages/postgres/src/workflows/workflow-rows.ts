import { DraftDefinition, SettingInputs, type Workflow } from "@tenon/runtime";
import { Condition } from "@tenon/workflow";
import type { Kysely, Selectable } from "kysely";
import type { Database } from "../tables.ts";

/** Selects workflows that are not removed, with the version that is deployed. */
export function selectWorkflows(db: Kysely<Database>) {
  return db
    .selectFrom("workflows")
    .innerJoin("integrations", "integrations.id", "workflows.integration_id")
    .leftJoin("workflow_versions as deployed", "deployed.id", "workflows.deployed_version_id")
    .select([
      "workflows.id",
      "workflows.project_id",
      "workflows.integration_id",
      "workflows.title",
      "workflows.description",
      "workflows.info_text",
      "workflows.position",
      "workflows.user_settings",
      "workflows.default_enabled",
      "workflows.hidden",
      "workflows.permissions",
      "workflows.draft_revision",
      "workflows.created_at",
      "workflows.updated_at",
      "integrations.connector_id",
      "deployed.id as deployed_id",
      "deployed.number as deployed_number",
      "deployed.created_at as deployed_at",
    ])
    .where("workflows.deleted_at", "is", null);
}

type WorkflowRow = Pick<
  Selectable<Database["workflows"]>,
  | "id"
  | "project_id"
  | "integration_id"
  | "title"
  | "description"
  | "info_text"
  | "position"
  | "user_settings"
  | "default_enabled"
  | "hidden"
  | "permissions"
  | "draft_revision"
  | "created_at"
  | "updated_at"
> & {
  connector_id: string;
  deployed_id: string | null;
  deployed_number: number | null;
  deployed_at: Date | null;
};

export function toWorkflow(row: WorkflowRow): Workflow {
  const { deployed_id: versionId, deployed_number: number, deployed_at: createdAt } = row;
  const isDeployed = versionId !== null && number !== null && createdAt !== null;
  return {
    id: row.id,
    projectId: row.project_id,
    integrationId: row.integration_id,
    connectorId: row.connector_id,
    title: row.title,
    description: row.description,
    infoText: row.info_text,
    order: row.position,
    userSettings: SettingInputs.parse(row.user_settings),
    defaultEnabled: row.default_enabled,
    hidden: row.hidden,
    permissions: Condition.nullable().parse(row.permissions),
    draftRevision: row.draft_revision,
    deployed: isDeployed ? { versionId, number, createdAt } : null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A stored definition; drafts and old versions are held to no more than being an object. */
export function toDefinition(stored: unknown): DraftDefinition {
  return DraftDefinition.parse(stored);
}
