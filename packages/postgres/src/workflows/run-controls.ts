import { AppError } from "@tenon/connector";
import type { RunControls, RunError, RunStatus } from "@tenon/runtime";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

const over = ["succeeded", "failed", "cancelled"] as const;

/**
 * Cancels, pauses and resumes runs. Who works on a run is asked to stop and does so at its next
 * step; a run that nobody works on is changed at once.
 *
 * @param onAsked told where a worker was asked: the one of this process need not wait for its beat.
 */
export function createRunControls(db: Kysely<Database>, onAsked: () => void): RunControls {
  async function ask(
    projectId: string,
    runId: string,
    control: "cancel" | "pause",
  ): Promise<RunStatus> {
    const row = await change(db, { projectId, runId }, toAsked(control, cancelled));
    if (row === "running") onAsked();
    if (row === "cancelled") await skipSteps(db, [runId]);
    return row;
  }

  return {
    cancel: (projectId, runId) => ask(projectId, runId, "cancel"),
    pause: (projectId, runId) => ask(projectId, runId, "pause"),

    async resume(projectId, runId) {
      const status = await change(
        db,
        { projectId, runId },
        {
          control: sql`case when control = 'pause' then null else control end`,
          status: sql`case when status = 'paused' then 'queued' else status end`,
        },
      );
      if (status === "queued") await sql`select pg_notify('tenon_changes', 'runs')`.execute(db);
      return status;
    },

    async cancelAll(projectId, workflowId, reason) {
      if (!isUuid(workflowId)) return 0;
      const rows = await db
        .updateTable("runs")
        .set(toAsked("cancel", { code: "cancelled", message: reason }))
        .where("project_id", "=", projectId)
        .where("workflow_id", "=", workflowId)
        .where("status", "not in", over)
        .returning(["id", "status"])
        .execute();
      const ended = rows.filter(({ status }) => status === "cancelled");
      await skipSteps(
        db,
        ended.map(({ id }) => id),
      );
      if (rows.some(({ status }) => status === "running")) onAsked();
      return rows.length;
    },
  };
}

const cancelled: RunError = { code: "cancelled", message: "The run was cancelled." };

/** Asks who works on a run to stop; a run that nobody works on is changed at once. */
function toAsked(control: "cancel" | "pause", reason: RunError): Columns {
  const isCancel = control === "cancel";
  return {
    // A cancellation is not taken back by a pause that comes later.
    control: sql`case when status = 'running'
      then case when control = 'cancel' then control else ${control} end end`,
    status: sql`case when status = 'running' then status else ${isCancel ? "cancelled" : "paused"} end`,
    error: sql`case when status = 'running' then error else ${isCancel ? JSON.stringify(reason) : null} end`,
    wake_at: sql`case when status = 'running' then wake_at end`,
    finished_at: sql`case when status <> 'running' and ${isCancel} then clock_timestamp() end`,
    updated_at: sql`clock_timestamp()`,
  };
}

type Columns = Record<string, ReturnType<typeof sql>>;

/** Steps that a run waited in when it was cancelled. */
async function skipSteps(db: Kysely<Database>, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  await db
    .updateTable("step_runs")
    .set({ status: "skipped", updated_at: sql`clock_timestamp()` })
    .where("run_id", "in", [...runIds])
    .where("status", "in", ["running", "waiting"])
    .execute();
}

/** Changes a run that is not over; answers its status then. */
async function change(
  db: Kysely<Database>,
  of: { projectId: string; runId: string },
  columns: Columns,
): Promise<RunStatus> {
  const { projectId, runId } = of;
  const known = isUuid(runId);
  const row =
    known &&
    (await db
      .updateTable("runs")
      .set({ ...columns, updated_at: sql`clock_timestamp()` })
      .where("project_id", "=", projectId)
      .where("id", "=", runId)
      .where("status", "not in", over)
      .returning("status")
      .executeTakeFirst());
  if (row) return row.status;
  const found =
    known &&
    (await db
      .selectFrom("runs")
      .select("status")
      .where("project_id", "=", projectId)
      .where("id", "=", runId)
      .executeTakeFirst());
  if (!found) throw new AppError("run_not_found", 404, `There is no run "${runId}".`);
  throw new AppError(
    "run_finished",
    409,
    `The run is over (${found.status}). Replay it to run it again.`,
  );
}
