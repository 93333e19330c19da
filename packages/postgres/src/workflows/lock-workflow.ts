import { type Kysely, sql, type Transaction } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

/**
 * Changes a workflow in a transaction that holds its row, so that drafts, versions and deployments
 * of one workflow are made one after the other. Undefined where the project has no such workflow.
 */
export async function withWorkflow<T>(
  db: Kysely<Database>,
  { projectId, workflowId }: { projectId: string; workflowId: string },
  change: (transaction: Transaction<Database>, workflow: LockedWorkflow) => Promise<T>,
): Promise<T | undefined> {
  if (!isUuid(workflowId) || !isUuid(projectId)) return undefined;
  return db.transaction().execute(async (transaction) => {
    const workflow = await transaction
      .selectFrom("workflows")
      .select(["id", "project_id", "integration_id", "draft", "draft_revision"])
      .where("id", "=", workflowId)
      .where("project_id", "=", projectId)
      .where("deleted_at", "is", null)
      .forNoKeyUpdate()
      .executeTakeFirst();
    return workflow && change(transaction, workflow);
  });
}

export interface LockedWorkflow {
  id: string;
  project_id: string;
  integration_id: string;
  draft: object;
  draft_revision: number;
}

/** Puts a definition into the draft; answers the new revision. */
export async function writeDraft(
  transaction: Transaction<Database>,
  workflowId: string,
  definition: object,
): Promise<number> {
  const { draft_revision } = await transaction
    .updateTable("workflows")
    .set({
      draft: JSON.stringify(definition),
      draft_revision: sql`draft_revision + 1`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", workflowId)
    .returning("draft_revision")
    .executeTakeFirstOrThrow();
  return draft_revision;
}
