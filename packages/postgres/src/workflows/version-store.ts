import type { WorkflowStore } from "@tenon/runtime";
import type { Kysely } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { withWorkflow, writeDraft } from "./lock-workflow.ts";
import { insertVersion, selectVersions, toVersion } from "./version-rows.ts";
import { toDefinition } from "./workflow-rows.ts";

type VersionParts = Pick<WorkflowStore, "keepDraft" | "restore" | "listVersions" | "findVersion">;

/** Stores the versions that are kept of drafts. */
export function createVersionStore(db: Kysely<Database>): VersionParts {
  return {
    async keepDraft(projectId, workflowId, { kind, name }) {
      const id = await withWorkflow(db, { projectId, workflowId }, (tx, workflow) =>
        insertVersion(
          tx,
          { projectId, workflowId: workflow.id },
          { kind, name, definition: workflow.draft },
        ),
      );
      if (id === undefined) return undefined;
      const row = await selectVersions(db).where("version.id", "=", id).executeTakeFirst();
      return row && toVersion(row);
    },

    async restore(projectId, workflowId, versionId) {
      if (!isUuid(versionId)) return false;
      const restored = await withWorkflow(db, { projectId, workflowId }, async (tx, workflow) => {
        const version = await tx
          .selectFrom("workflow_versions")
          .select("definition")
          .where("id", "=", versionId)
          .where("workflow_id", "=", workflow.id)
          .executeTakeFirst();
        if (version === undefined) return false;
        const before = { kind: "restored", name: null, definition: workflow.draft } as const;
        await insertVersion(tx, { projectId, workflowId: workflow.id }, before);
        await writeDraft(tx, workflow.id, version.definition);
        return true;
      });
      return restored ?? false;
    },

    async listVersions(projectId, workflowId, { show, limit, before }) {
      if (!isUuid(workflowId)) return [];
      const rows = await selectVersions(db)
        .where("version.workflow_id", "=", workflowId)
        .where("version.project_id", "=", projectId)
        .where("version.number", "is not", null)
        .$if(before !== undefined, (query) => query.where("version.number", "<", before ?? 0))
        .$if(show === "named", (query) => query.where("version.name", "is not", null))
        .$if(show === "deployed", (query) => query.where("version.kind", "=", "deployed"))
        .$if(show === "saved", (query) =>
          query.where("version.kind", "in", ["saved", "automatic", "restored"]),
        )
        .orderBy("version.number", "desc")
        .limit(limit)
        .execute();
      return rows.map(toVersion);
    },

    async findVersion(projectId, workflowId, versionId) {
      if (!isUuid(workflowId) || !isUuid(versionId)) return undefined;
      const row = await selectVersions(db)
        .select("version.definition")
        .where("version.id", "=", versionId)
        .where("version.workflow_id", "=", workflowId)
        .where("version.project_id", "=", projectId)
        .executeTakeFirst();
      return row && { ...toVersion(row), definition: toDefinition(row.definition) };
    },
  };
}
