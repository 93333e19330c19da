import type { WorkflowStore } from "@tenon/runtime";
import { type Kysely, sql, type Transaction } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { withWorkflow } from "./lock-workflow.ts";
import { forgetListeners, listenForAll, pauseListeners } from "../triggers/listeners.ts";
import { planSchedules } from "./plan-schedules.ts";
import { insertVersion } from "./version-rows.ts";

type DeploymentParts = Pick<WorkflowStore, "deploy" | "undeploy" | "remove" | "listDeployed">;

/**
 * Stores which version runs are started with.
 *
 * A configuration that is changed holds the rows of its workflows meanwhile: a deployment waits for
 * it and then sees what it enabled, or comes first and is seen by it.
 */
export function createDeploymentStore(db: Kysely<Database>): DeploymentParts {
  return {
    async deploy(projectId, workflowId, { revision, definition, name }) {
      const deployed = await withWorkflow(db, { projectId, workflowId }, async (tx, workflow) => {
        const currentRevision = workflow.draft_revision;
        if (currentRevision !== revision) return { kind: "conflict", currentRevision } as const;
        const version = { kind: "deployed", name, definition } as const;
        const versionId = await insertVersion(tx, { projectId, workflowId: workflow.id }, version);
        await tx
          .updateTable("workflows")
          .set({ deployed_version_id: versionId, updated_at: sql`clock_timestamp()` })
          .where("id", "=", workflow.id)
          .execute();
        await planSchedules(tx, workflow, definition.trigger);
        await listenForAll(tx, workflow, definition.trigger);
        return { kind: "deployed" } as const;
      });
      return deployed ?? { kind: "unknown" };
    },

    async undeploy(projectId, workflowId) {
      const done = await withWorkflow(db, { projectId, workflowId }, async (tx, { id }) => {
        await tx
          .updateTable("workflows")
          .set({ deployed_version_id: null, updated_at: sql`clock_timestamp()` })
          .where("id", "=", id)
          .execute();
        await tx.deleteFrom("schedules").where("workflow_id", "=", id).execute();
        await pauseListeners(tx, id);
        return true;
      });
      return done ?? false;
    },

    async remove(projectId, workflowId) {
      if (!isUuid(workflowId)) return false;
      return db.transaction().execute(async (tx) => {
        const removed = await tx
          .updateTable("workflows")
          .set({
            deployed_version_id: null,
            deleted_at: sql`coalesce(deleted_at, clock_timestamp())`,
          })
          .where("id", "=", workflowId)
          .where("project_id", "=", projectId)
          .returning("id")
          .executeTakeFirst();
        if (removed === undefined) return false;
        await tx.deleteFrom("schedules").where("workflow_id", "=", removed.id).execute();
        await forgetListeners(tx, removed.id);
        await forgetStates(tx, removed.id);
        return true;
      });
    },

    async listDeployed(projectId) {
      const rows = await db
        .selectFrom("workflows")
        .innerJoin("workflow_versions as version", "version.id", "workflows.deployed_version_id")
        .select(["workflows.id", "workflows.title", "version.id as version_id", "definition"])
        .where("workflows.project_id", "=", projectId)
        .where("workflows.deleted_at", "is", null)
        .orderBy("workflows.created_at")
        .execute();
      return rows.map(({ version_id: versionId, ...row }) => ({ ...row, versionId }));
    },
  };
}

/** How the workflow stood for each configuration. */
async function forgetStates(tx: Transaction<Database>, workflowId: string): Promise<void> {
  // Both are looked up in an index; the mere presence of a key is in none.
  const states = [true, false].map((enabled) => JSON.stringify({ [workflowId]: { enabled } }));
  await sql`
    update configurations set workflow_settings = workflow_settings - ${workflowId}::text
    where workflow_settings @> ${states[0]}::jsonb
      or workflow_settings @> ${states[1]}::jsonb`.execute(tx);
}
