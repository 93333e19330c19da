import type { DirectoryStore } from "@tenon/runtime";
import { Trigger } from "@tenon/workflow";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { readIntegrations } from "./name-reader.ts";
import { selectWorkflows, toWorkflow } from "./workflow-rows.ts";

/** Reads what processes hold in memory of a project's workflows: never their steps. */
export function createDirectoryStore(db: Kysely<Database>): DirectoryStore {
  return {
    async read(projectId) {
      if (!isUuid(projectId)) return { integrations: [], workflows: [], events: new Set() };
      const [integrations, rows, events] = await Promise.all([
        readIntegrations(db, projectId),
        selectWorkflows(db)
          .select([
            sql`deployed.definition -> 'trigger'`.as("trigger"),
            sql<boolean>`coalesce(
              jsonb_path_exists(deployed.definition::jsonb, '$.steps[*] ? (@.type == "response")'), false
            )`.as("has_response_step"),
          ])
          .where("workflows.project_id", "=", projectId)
          .orderBy("workflows.position")
          .orderBy("workflows.created_at")
          .execute(),
        db.selectFrom("app_events").select("name").where("project_id", "=", projectId).execute(),
      ]);
      return {
        integrations,
        workflows: rows.map((row) => ({
          ...toWorkflow(row),
          // One that an older Tenon deployed and this one cannot read counts as not deployed.
          trigger: Trigger.nullable().safeParse(row.trigger).data ?? null,
          hasResponseStep: row.has_response_step,
        })),
        events: new Set(events.map(({ name }) => name)),
      };
    },
  };
}
