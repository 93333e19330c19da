import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";

const batch = 2_000;
const defaultDays = 90;

/**
 * Deletes what is over for longer than its project keeps it (`run_policy.historyDays`, 90 days
 * unless told), runs of projects that are gone, and snapshots that tests left. Answers how many
 * runs were deleted; in small batches, so that nobody waits for it.
 */
export async function deleteOldRuns(db: Kysely<Database>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rows } = await sql<{ count: string }>`
      with old as (
        select run.id from runs as run
        left join projects as project on project.id = run.project_id
        where run.finished_at < now() - make_interval(
          days => coalesce((project.run_policy ->> 'historyDays')::integer, ${defaultDays}))
          or project.id is null
        limit ${batch}
      ),
      payloads as (delete from step_payloads using old where run_id = old.id),
      steps as (delete from step_runs using old where run_id = old.id),
      gone as (delete from runs using old where runs.id = old.id returning runs.id)
      select count(*) as count from gone
    `.execute(db);
    const count = Number(rows[0]?.count ?? 0);
    deleted += count;
    if (count < batch) break;
  }
  await sql`
    delete from workflow_versions as version
    where kind = 'test' and created_at < now() - interval '1 day'
      and not exists (select from runs where runs.version_id = version.id)
  `.execute(db);
  return deleted;
}
