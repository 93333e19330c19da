import type { CreatedRun, Limits, NewRun, RunStatus } from "@tenon/runtime";
import { AppError } from "@tenon/connector";
import type { Pool } from "pg";

export interface RunCreation {
  run: NewRun;
  workerId: string;
  mayRun: boolean;
}

interface CreatedRow {
  id: string;
  status: RunStatus;
  worker_id: string | null;
  created_at: Date;
  is_new: boolean;
}

/**
 * Writes new runs in one statement. Each begins at once where its project's and its user's limits
 * have room, nobody of the same user waits in line, and the worker has room; else it is queued.
 *
 * - Limits hold over all processes: while one begins runs of a project, others wait their turn.
 * - A run that exists is left alone. In a repeat after a lost connection, one that this worker
 *   already has was created by the try before.
 */
export async function createRuns(
  pool: Pool,
  creations: readonly RunCreation[],
  options: { limits: Limits; isRepeat: boolean },
): Promise<CreatedRun[]> {
  const { limits, isRepeat } = options;
  const column = (read: (run: NewRun) => unknown) => creations.map(({ run }) => read(run));
  const { rows } = await pool.query<CreatedRow>({
    name: "tenon-create-runs",
    text: statement,
    values: [
      column((run) => run.id),
      column((run) => run.projectId),
      column((run) => run.workflowId),
      column((run) => run.versionId),
      column((run) => run.integrationId),
      column((run) => run.connectionId),
      column((run) => run.configurationId),
      column((run) => run.userId),
      column((run) => run.triggerType),
      column((run) => run.test ?? false),
      column((run) => run.onlyStep ?? null),
      column((run) => run.replayOf ?? null),
      column((run) => JSON.stringify(run.input ?? null)),
      column((run) => JSON.stringify(run.context)),
      creations.map((one) => (one.mayRun ? one.workerId : null)),
      limits.perProject,
      limits.perUser,
    ],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return creations.map((creation) => {
    const row = byId.get(creation.run.id);
    if (row === undefined) throw unknownProject(creation.run);
    const isMine = row.worker_id === creation.workerId && row.status === "running";
    if (isMine && (row.is_new || isRepeat)) {
      // The same id twice in one batch: the second finds a run that exists.
      byId.set(row.id, { ...row, is_new: false, worker_id: null });
      return { kind: "claimed", run: toClaimed(creation.run, row) };
    }
    if (row.is_new && row.status === "queued") return { kind: "queued" };
    return { kind: "exists", status: row.status };
  });
}

function toClaimed(run: NewRun, row: CreatedRow) {
  return {
    id: run.id,
    projectId: run.projectId,
    workflowId: run.workflowId,
    versionId: run.versionId,
    integrationId: run.integrationId,
    connectionId: run.connectionId,
    userId: run.userId,
    triggerType: run.triggerType,
    input: run.input,
    context: run.context,
    test: run.test ?? false,
    onlyStep: run.onlyStep,
    createdAt: row.created_at,
    claimedAt: row.created_at,
    fence: 1,
    taskCount: 0,
    resumed: false,
  };
}

function unknownProject(run: NewRun): AppError {
  return new AppError("project_not_found", 404, `There is no project "${run.projectId}".`);
}

const statement = `
  with asked as (
    select * from unnest(
      $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
      $8::uuid[], $9::text[], $10::boolean[], $11::text[], $12::uuid[], $13::text[], $14::text[],
      $15::uuid[]
    ) with ordinality as asked (
      id, project_id, workflow_id, version_id, integration_id, connection_id, configuration_id,
      user_id, trigger_type, test, only_step, replay_of, input, context, worker_id, place
    )
  ),
  load as (
    select one.project_id, one.user_id,
      coalesce((project.run_policy ->> 'perProject')::integer, $16) as per_project,
      coalesce((project.run_policy ->> 'perUser')::integer, $17) as per_user,
      load.project_runs, load.user_runs, load.has_queue
    from (select distinct project_id, user_id from asked order by project_id) as one
    join projects as project on project.id = one.project_id
    cross join lateral tenon_run_load(one.project_id, one.user_id) as load
  ),
  placed as (
    select asked.*, asked.worker_id is not null and not load.has_queue
      and load.project_runs + row_number() over (partition by asked.project_id order by place)
        <= load.per_project
      and load.user_runs
        + row_number() over (partition by asked.project_id, asked.user_id order by place)
        <= load.per_user as begins
    from asked join load using (project_id, user_id)
  ),
  created as (
    insert into runs (
      id, project_id, workflow_id, version_id, integration_id, connection_id, configuration_id,
      user_id, trigger_type, status, test, only_step, replay_of, input, context, worker_id, fence,
      started_at
    )
    select id, project_id, workflow_id, version_id, integration_id, connection_id,
      configuration_id, user_id, trigger_type, case when begins then 'running' else 'queued' end,
      test, only_step, replay_of, input, context, case when begins then worker_id end,
      case when begins then 1 else 0 end, case when begins then clock_timestamp() end
    from placed order by place
    on conflict (id) do nothing
    returning id, status, worker_id, created_at
  ),
  told as (
    select pg_notify('tenon_changes', 'runs') from created where status = 'queued' limit 1
  )
  select created.*, true as is_new, (select count(*) from told) as told from created
  union all
  select runs.id, runs.status, runs.worker_id, runs.created_at, false, 0
  from runs join asked on asked.id = runs.id
  where not exists (select from created where created.id = runs.id)`;
