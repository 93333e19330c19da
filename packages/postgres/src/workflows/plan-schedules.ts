import { type KnownSchedules, type PlannedSchedule, schedulesOf } from "@tenon/runtime";
import type { Trigger } from "@tenon/workflow";
import { sql, type Transaction } from "kysely";
import { nilUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

/** A schedule with whose it is. */
type ScheduleRow = PlannedSchedule & { configurationId: string; projectId: string };

const pageSize = 1000;

/** Plans a workflow's schedules anew, for all configurations that have it enabled. */
export async function planSchedules(
  transaction: Transaction<Database>,
  workflow: { id: string; project_id: string; integration_id: string },
  trigger: Trigger,
): Promise<void> {
  await transaction.deleteFrom("schedules").where("workflow_id", "=", workflow.id).execute();
  if (trigger.type !== "schedule") return;
  const now = await readNow(transaction);
  const workflows = [{ id: workflow.id, trigger }];
  const known: KnownSchedules = new Map();
  let after = nilUuid;
  for (;;) {
    const page = await transaction
      .selectFrom("configurations")
      .innerJoin("connections", "connections.id", "configurations.connection_id")
      .innerJoin("connected_users as enrolled", "enrolled.id", "connections.user_id")
      .select([
        "configurations.id",
        "configurations.workflow_settings",
        "enrolled.external_id",
        "enrolled.meta",
      ])
      .where(
        sql<boolean>`workflow_settings @> ${JSON.stringify({ [workflow.id]: { enabled: true } })}::jsonb`,
      )
      .where("connections.integration_id", "=", workflow.integration_id)
      .where("configurations.id", ">", after)
      .orderBy("configurations.id")
      .limit(pageSize)
      .execute();
    const rows = page.flatMap((row) => {
      const user = { externalId: row.external_id, meta: row.meta };
      return schedulesOf(row.workflow_settings, { workflows, user, now, known }).map(
        (schedule) => ({
          ...schedule,
          configurationId: row.id,
          projectId: workflow.project_id,
        }),
      );
    });
    await putSchedules(transaction, rows);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.id;
  }
}

/** Writes schedules; one that is there in the same cron and zone keeps its next time. */
export async function putSchedules(
  transaction: Transaction<Database>,
  rows: readonly ScheduleRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await transaction
    .insertInto("schedules")
    .values(
      rows.map((row) => ({
        workflow_id: row.workflowId,
        configuration_id: row.configurationId,
        project_id: row.projectId,
        cron: row.cron,
        time_zone: row.timeZone,
        next_at: row.nextAt,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(["workflow_id", "configuration_id"])
        .doUpdateSet((eb) => ({
          cron: eb.ref("excluded.cron"),
          time_zone: eb.ref("excluded.time_zone"),
          next_at: eb.ref("excluded.next_at"),
        }))
        .where((eb) =>
          eb.or([
            eb("schedules.cron", "<>", eb.ref("excluded.cron")),
            eb("schedules.time_zone", "<>", eb.ref("excluded.time_zone")),
          ]),
        ),
    )
    .execute();
}

/** The database's clock, which all processes share. */
export async function readNow(transaction: Transaction<Database>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(transaction);
  const [row] = rows;
  if (row === undefined) throw new Error("The database did not tell the time.");
  return row.now;
}
