import type { ClaimCursor, ClaimedRun, Limits } from "@tenon/runtime";
import type { Pool } from "pg";
import type { Selectable } from "kysely";
import { nilUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

type RunRow = Selectable<Database["runs"]>;

/** Users who are looked at for one claim. More of them get their turn with the next. */
const maxUsers = 200;

/**
 * Takes queued runs: the oldest of each user who has any, users in turn, beginning after the one
 * who was served last. So a user with 10,000 queued runs delays another's first by one turn.
 */
export async function claimRuns(
  pool: Pool,
  ask: { workerId: string; slots: number; after: ClaimCursor | undefined; limits: Limits },
): Promise<{ runs: ClaimedRun[]; next: ClaimCursor; more: boolean }> {
  const { workerId, slots, after = firstCursor, limits } = ask;
  const { rows } = await pool.query<RunRow>({
    name: "tenon-claim-runs",
    text: statement,
    values: [
      workerId,
      Math.min(slots, maxUsers),
      after.projectId,
      after.userId,
      limits.perProject,
      limits.perUser,
    ],
  });
  const last = rows.map(toCursor).sort(compareCursors).at(-1);
  // A turn that ended before everyone was served begins anew.
  const next = rows.length < Math.min(slots, maxUsers) ? firstCursor : (last ?? firstCursor);
  return { runs: rows.map(toClaimedRun), next, more: rows.length > 0 || (await hasQueued(pool)) };
}

async function hasQueued(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ any: boolean }>(
    "select exists (select from runs where status = 'queued') as any",
  );
  return rows[0]?.any ?? false;
}

const firstCursor: ClaimCursor = {
  projectId: nilUuid,
  userId: nilUuid,
};

function toCursor(row: RunRow): ClaimCursor {
  return { projectId: row.project_id, userId: row.user_id };
}

function compareCursors(a: ClaimCursor, b: ClaimCursor): number {
  const [left, right] = [a.projectId + a.userId, b.projectId + b.userId];
  return left < right ? -1 : Number(left > right);
}

function toClaimedRun(row: RunRow): ClaimedRun {
  return {
    id: row.id,
    projectId: row.project_id,
    workflowId: row.workflow_id,
    versionId: row.version_id,
    integrationId: row.integration_id,
    connectionId: row.connection_id,
    userId: row.user_id,
    triggerType: row.trigger_type as ClaimedRun["triggerType"],
    input: JSON.parse(row.input) as unknown,
    context: JSON.parse(row.context) as ClaimedRun["context"],
    test: row.test,
    onlyStep: row.only_step ?? undefined,
    createdAt: row.created_at,
    claimedAt: row.updated_at,
    fence: row.fence,
    taskCount: row.task_count,
    resumed: true,
  };
}

// The recursion walks the index from one user with queued runs to the next and reads nothing else.
const statement = `
  with recursive turn (project_id, user_id) as (
    (select project_id, user_id from runs
      where status = 'queued' and (project_id, user_id) > ($3::uuid, $4::uuid)
      order by project_id, user_id limit 1)
    union all
    select next.project_id, next.user_id
    from turn cross join lateral (
      select project_id, user_id from runs
      where status = 'queued' and (project_id, user_id) > (turn.project_id, turn.user_id)
      order by project_id, user_id limit 1
    ) as next
  ),
  waiting as (select * from turn limit ${maxUsers}),
  load as (
    select waiting.*,
      coalesce((project.run_policy ->> 'perProject')::integer, $5) as per_project,
      coalesce((project.run_policy ->> 'perUser')::integer, $6) as per_user,
      load.project_runs, load.user_runs
    from (select * from waiting order by project_id) as waiting
    join projects as project on project.id = waiting.project_id
    cross join lateral tenon_run_load(waiting.project_id, waiting.user_id) as load
  ),
  entitled as (
    select project_id, user_id from (
      select *, row_number() over (partition by project_id order by user_id) as place from load
      where user_runs < per_user
    ) as ranked
    where project_runs + place <= per_project
    order by project_id, user_id
    limit $2
  ),
  picked as materialized (
    select oldest.id from entitled cross join lateral (
      select id from runs
      where status = 'queued' and project_id = entitled.project_id
        and user_id = entitled.user_id
      order by created_at limit 1
      for update skip locked
    ) as oldest
  )
  update runs set status = 'running', worker_id = $1, fence = fence + 1, wake_at = null,
    started_at = coalesce(started_at, clock_timestamp()), updated_at = clock_timestamp()
  from picked where runs.id = picked.id
  returning runs.*`;
