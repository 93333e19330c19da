import { SettingInputs, type WorkflowIntegration, type WorkflowStore } from "@tenon/runtime";
import { type Kysely, type Selectable, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

/** Reads what there is in a project for workflows to name. */
export function createNameReader(
  db: Kysely<Database>,
): Pick<WorkflowStore, "readNames" | "saveIntegrationSettings"> {
  return {
    async readNames(projectId) {
      const [events, secrets, integrations] = await Promise.all([
        db.selectFrom("app_events").select("name").where("project_id", "=", projectId).execute(),
        db
          .selectFrom("environment_secrets")
          .select("name")
          .where("project_id", "=", projectId)
          .execute(),
        readIntegrations(db, projectId),
      ]);
      return {
        events: new Set(events.map(({ name }) => name)),
        secrets: new Set(secrets.map(({ name }) => name)),
        integrations,
      };
    },

    async saveIntegrationSettings(projectId, integrationId, inputs) {
      if (!isUuid(integrationId)) return false;
      const row = await db
        .updateTable("integrations")
        .set({ user_settings: JSON.stringify(inputs), updated_at: sql`clock_timestamp()` })
        .where("id", "=", integrationId)
        .where("project_id", "=", projectId)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** A project's integrations as workflows see them, oldest first. */
export async function readIntegrations(
  db: Kysely<Database>,
  projectId: string,
): Promise<WorkflowIntegration[]> {
  const rows = await db
    .selectFrom("integrations")
    .select(["id", "project_id", "connector_id", "is_active", "user_settings"])
    .where("project_id", "=", projectId)
    .orderBy("created_at")
    .execute();
  return rows.map(toWorkflowIntegration);
}

export function toWorkflowIntegration(
  row: Pick<
    Selectable<Database["integrations"]>,
    "id" | "project_id" | "connector_id" | "is_active" | "user_settings"
  >,
): WorkflowIntegration {
  return {
    id: row.id,
    projectId: row.project_id,
    connectorId: row.connector_id,
    isActive: row.is_active,
    userSettings: SettingInputs.parse(row.user_settings),
  };
}
