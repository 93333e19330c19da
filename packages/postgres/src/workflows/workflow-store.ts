import type { WorkflowChange, WorkflowSeed, WorkflowStore } from "@tenon/runtime";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { createDeploymentStore } from "./deployment-store.ts";
import { createDraftStore } from "./draft-store.ts";
import { createNameReader } from "./name-reader.ts";
import { createSnapshotStore } from "./snapshot-store.ts";
import { createVersionStore } from "./version-store.ts";
import { selectWorkflows, toWorkflow } from "./workflow-rows.ts";

/** Stores workflows, each within its project. */
export function createWorkflowStore(db: Kysely<Database>): WorkflowStore {
  return {
    ...createWorkflowRows(db),
    ...createDraftStore(db),
    ...createDeploymentStore(db),
    ...createNameReader(db),
    ...createSnapshotStore(db),
    ...createVersionStore(db),
  };
}

type RowParts = Pick<WorkflowStore, "list" | "find" | "create" | "update" | "reorder">;

function createWorkflowRows(db: Kysely<Database>): RowParts {
  async function find(projectId: string, workflowId: string) {
    if (!isUuid(workflowId)) return undefined;
    const row = await selectWorkflows(db)
      .where("workflows.id", "=", workflowId)
      .where("workflows.project_id", "=", projectId)
      .executeTakeFirst();
    return row && toWorkflow(row);
  }

  return {
    find,

    async list(projectId, { integrationId }) {
      if (integrationId !== undefined && !isUuid(integrationId)) return [];
      const rows = await selectWorkflows(db)
        .where("workflows.project_id", "=", projectId)
        .$if(integrationId !== undefined, (query) =>
          query.where("workflows.integration_id", "=", integrationId ?? ""),
        )
        .orderBy("integrations.created_at")
        .orderBy("integrations.id")
        .orderBy("workflows.position")
        .orderBy("workflows.created_at")
        .execute();
      return rows.map(toWorkflow);
    },

    async create(seed) {
      await insertWorkflow(db, seed);
      const made = await find(seed.projectId, seed.id);
      if (made === undefined) throw new Error("The workflow was removed while it was being made.");
      return made;
    },

    async update(projectId, workflowId, change) {
      if (!isUuid(workflowId)) return undefined;
      await db
        .updateTable("workflows")
        .set({ ...toColumns(change), updated_at: sql`clock_timestamp()` })
        .where("id", "=", workflowId)
        .where("project_id", "=", projectId)
        .where("deleted_at", "is", null)
        .execute();
      return find(projectId, workflowId);
    },

    async reorder(projectId, integrationId, workflowIds) {
      const ids = workflowIds.filter(isUuid);
      await sql`
        update workflows set position = ranked.place
        from (
          select id, row_number() over (
            order by array_position(${ids}::uuid[], id) nulls last, position, created_at
          ) - 1 as place
          from workflows
          where project_id = ${projectId} and integration_id = ${integrationId}
            and deleted_at is null
        ) as ranked
        where workflows.id = ranked.id and position <> ranked.place`.execute(db);
    },
  };
}

/** It stands after the others of its integration. */
async function insertWorkflow(db: Kysely<Database>, seed: WorkflowSeed): Promise<void> {
  const { integrationId } = seed;
  await db
    .insertInto("workflows")
    .values({
      ...toColumns(seed),
      id: seed.id,
      project_id: seed.projectId,
      integration_id: integrationId,
      title: seed.title,
      draft: JSON.stringify(seed.draft),
      position: sql<number>`(
        select count(*) from workflows
        where integration_id = ${integrationId} and deleted_at is null
      )`,
    })
    .execute();
}

/** Columns of what is given; what is left out keeps its value or has its default. */
function toColumns(change: WorkflowChange) {
  const { userSettings, permissions } = change;
  return {
    title: change.title,
    description: change.description,
    info_text: change.infoText,
    default_enabled: change.defaultEnabled,
    hidden: change.hidden,
    ...(userSettings && { user_settings: JSON.stringify(userSettings) }),
    ...(permissions !== undefined && {
      permissions: permissions === null ? null : JSON.stringify(permissions),
    }),
  };
}
