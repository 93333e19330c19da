import type { DueSchedule, ScheduleOutcome, ScheduleStore } from "@tenon/runtime";
import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";
import { readEnrollees } from "./enrollee-rows.ts";
import { readNow } from "./plan-schedules.ts";

type ScheduleRow = Selectable<Database["schedules"]>;

/** Stores schedules. Rows under way are locked: another process takes the others. */
export function createScheduleStore(db: Kysely<Database>): ScheduleStore {
  return {
    async fireDue(limit, fire) {
      return db.transaction().execute(async (transaction) => {
        const now = await readNow(transaction);
        const rows = await transaction
          .selectFrom("schedules")
          .selectAll()
          .where("next_at", "<=", now)
          .orderBy("next_at")
          .limit(limit)
          .forUpdate()
          .skipLocked()
          .execute();
        if (rows.length === 0) return 0;
        const due = await toDue(transaction, rows);
        const outcomes = await fire(due, now);
        await store(transaction, due, outcomes);
        return outcomes.filter(({ kind }) => kind !== "again").length;
      });
    },
  };
}

async function toDue(
  transaction: Transaction<Database>,
  rows: readonly ScheduleRow[],
): Promise<DueSchedule[]> {
  const connections = await transaction
    .selectFrom("configurations")
    .select("connection_id")
    .where(
      "id",
      "in",
      rows.map((row) => row.configuration_id),
    )
    .execute();
  const enrollees = await readEnrollees(
    transaction,
    connections.map((row) => row.connection_id),
  );
  const byId = new Map(enrollees.map((one) => [one.configuration.id, one]));
  return rows.flatMap((row) => {
    const enrollee = byId.get(row.configuration_id);
    // Without one it was deleted meanwhile, and the schedule goes with it.
    if (enrollee === undefined) return [];
    const { workflow_id: workflowId, cron, time_zone: timeZone, next_at: nextAt } = row;
    return { ...enrollee, workflowId, cron, timeZone, nextAt };
  });
}

async function store(
  transaction: Transaction<Database>,
  due: readonly DueSchedule[],
  outcomes: readonly ScheduleOutcome[],
): Promise<void> {
  const next: { workflowId: string; configurationId: string; nextAt: Date; timeZone: string }[] =
    [];
  for (const [index, { workflowId, configuration }] of due.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === "ended") {
      await transaction
        .deleteFrom("schedules")
        .where("workflow_id", "=", workflowId)
        .where("configuration_id", "=", configuration.id)
        .execute();
    }
    if (outcome?.kind === "next") {
      const { nextAt, timeZone } = outcome;
      next.push({ workflowId, configurationId: configuration.id, nextAt, timeZone });
    }
  }
  if (next.length === 0) return;
  await sql`
    update schedules set next_at = moved.next_at, time_zone = moved.time_zone
    from unnest(
      ${next.map((one) => one.workflowId)}::uuid[], ${next.map((one) => one.configurationId)}::uuid[],
      ${next.map((one) => one.nextAt)}::timestamptz[], ${next.map((one) => one.timeZone)}::text[]
    ) as moved (workflow_id, configuration_id, next_at, time_zone)
    where schedules.workflow_id = moved.workflow_id
      and schedules.configuration_id = moved.configuration_id`.execute(transaction);
}
