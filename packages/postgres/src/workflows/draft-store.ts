import type { WorkflowStore } from "@tenon/runtime";
import type { Kysely } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { withWorkflow, writeDraft } from "./lock-workflow.ts";
import { insertVersion } from "./version-rows.ts";
import { toDefinition } from "./workflow-rows.ts";

/** Every so many changes, the draft is kept as a version. */
const revisionsPerVersion = 10;

/** Stores what developers edit. */
export function createDraftStore(
  db: Kysely<Database>,
): Pick<WorkflowStore, "readDraft" | "saveDraft"> {
  return {
    async readDraft(projectId, workflowId) {
      if (!isUuid(workflowId)) return undefined;
      const row = await db
        .selectFrom("workflows")
        .select(["draft", "draft_revision"])
        .where("id", "=", workflowId)
        .where("project_id", "=", projectId)
        .where("deleted_at", "is", null)
        .executeTakeFirst();
      return row && { revision: row.draft_revision, definition: toDefinition(row.draft) };
    },

    async saveDraft(projectId, workflowId, { revision, definition }) {
      const saved = await withWorkflow(db, { projectId, workflowId }, async (tx, workflow) => {
        const currentRevision = workflow.draft_revision;
        if (currentRevision !== revision) return { kind: "conflict", currentRevision } as const;
        const next = await writeDraft(tx, workflow.id, definition);
        if (next % revisionsPerVersion === 0) {
          const version = { kind: "automatic", name: null, definition } as const;
          await insertVersion(tx, { projectId, workflowId: workflow.id }, version);
        }
        return { kind: "saved", revision: next } as const;
      });
      return saved ?? { kind: "unknown" };
    },
  };
}
