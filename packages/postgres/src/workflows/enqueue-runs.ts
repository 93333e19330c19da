import type { NewRun } from "@tenon/runtime";
import { sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";

/**
 * Writes runs into the queue in somebody else's transaction: with what made them known, or not at
 * all. A run that exists is left alone. Workers learn of it with the commit.
 *
 * @returns the ids of those that are new.
 */
export async function enqueueRuns(
  tx: Transaction<Database>,
  runs: readonly NewRun[],
): Promise<string[]> {
  if (runs.length === 0) return [];
  const created = await tx
    .insertInto("runs")
    .values(
      runs.map((run) => ({
        id: run.id,
        project_id: run.projectId,
        workflow_id: run.workflowId,
        version_id: run.versionId,
        integration_id: run.integrationId,
        connection_id: run.connectionId,
        configuration_id: run.configurationId,
        user_id: run.userId,
        trigger_type: run.triggerType,
        status: "queued" as const,
        test: run.test ?? false,
        only_step: run.onlyStep ?? null,
        replay_of: run.replayOf ?? null,
        input: JSON.stringify(run.input ?? null),
        context: JSON.stringify(run.context),
      })),
    )
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .execute();
  if (created.length > 0) await sql`select pg_notify('tenon_changes', 'runs')`.execute(tx);
  return created.map(({ id }) => id);
}
