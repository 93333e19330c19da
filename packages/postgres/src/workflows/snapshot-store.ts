import { randomUUID } from "node:crypto";
import type { WorkflowStore } from "@tenon/runtime";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

type SnapshotParts = Pick<WorkflowStore, "findTestRun" | "snapshot" | "readDefinition">;

/** Stores the snapshots that tests run, and reads what runs were started with. */
export function createSnapshotStore(db: Kysely<Database>): SnapshotParts {
  return {
    async findTestRun(projectId, workflowId) {
      const row = await db
        .selectFrom("runs")
        .select("id")
        .where("workflow_id", "=", workflowId)
        .where("project_id", "=", projectId)
        .where("test", "=", true)
        .where("only_step", "is", null)
        .orderBy("created_at", "desc")
        .limit(1)
        .executeTakeFirst();
      return row?.id;
    },

    async snapshot(projectId, workflowId, definition) {
      const text = JSON.stringify(definition);
      const newest = await db
        .selectFrom("workflow_versions")
        .select(["id", sql<boolean>`definition::text = ${text}`.as("is_same")])
        .where("workflow_id", "=", workflowId)
        .where("project_id", "=", projectId)
        .where("kind", "=", "test")
        .orderBy("created_at", "desc")
        .limit(1)
        .executeTakeFirst();
      if (newest?.is_same === true) return newest.id;
      const id = randomUUID();
      await db
        .insertInto("workflow_versions")
        .values({
          id,
          project_id: projectId,
          workflow_id: workflowId,
          number: null,
          kind: "test",
          name: null,
          definition: text,
        })
        .execute();
      return id;
    },

    async readDefinition(projectId, versionId) {
      if (!isUuid(versionId)) return undefined;
      const row = await db
        .selectFrom("workflow_versions")
        .select("definition")
        .where("id", "=", versionId)
        .where("project_id", "=", projectId)
        .executeTakeFirst();
      return row?.definition;
    },
  };
}
