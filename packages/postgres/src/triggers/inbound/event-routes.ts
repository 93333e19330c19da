import type { ChangeStart, EventRoute } from "@tenon/triggers";
import { type Kysely, sql } from "kysely";
import type { Database } from "../../tables.ts";

/** What an event meant for each connection of one project. */
export async function readRoutes(
  db: Kysely<Database>,
  projectId: string,
  eventId: string,
): Promise<EventRoute[]> {
  const rows = await db
    .selectFrom("event_routes as route")
    .innerJoin("connections as connection", "connection.id", "route.connection_id")
    .innerJoin("connected_users as user", "user.id", "connection.user_id")
    .selectAll("route")
    .select("user.external_id")
    .where("route.event_id", "=", eventId)
    .where("route.project_id", "=", projectId)
    .orderBy("route.created_at")
    .orderBy("route.connection_id")
    .execute();
  const changeIds = rows.flatMap(({ change_id }) => change_id ?? []);
  const starts = await readStarts(db, projectId, changeIds);
  return rows.map((row) => ({
    connectionId: row.connection_id,
    userId: row.external_id,
    object: { kind: row.object_kind, id: row.object_id },
    changes: row.changes,
    outcome: row.outcome ?? undefined,
    failure: row.failure ?? undefined,
    attempts: row.attempts,
    finishedAt: row.finished_at ?? undefined,
    change:
      row.change_id === null
        ? undefined
        : { id: row.change_id, starts: starts.get(row.change_id) ?? [] },
  }));
}

interface StartRow {
  change_id: string;
  run_id: string | null;
  delivery_id: string | null;
  workflow_id: string | null;
  subscription_id: string | null;
}

/** What changes of the project started, by the change. Listeners may be gone: runs tell, too. */
async function readStarts(
  db: Kysely<Database>,
  projectId: string,
  changeIds: readonly string[],
): Promise<Map<string, ChangeStart[]>> {
  const starts = new Map<string, ChangeStart[]>();
  if (changeIds.length === 0) return starts;
  const { rows } = await sql<StartRow>`
    select start.change_id, start.run_id, start.delivery_id,
      coalesce(listener.workflow_id, run.workflow_id) as workflow_id,
      coalesce(listener.subscription_id, delivery.subscription_id) as subscription_id
    from change_starts as start
    join changes as change on change.id = start.change_id
    left join listeners as listener on listener.id = start.listener_id
    left join runs as run on run.id = start.run_id
    left join deliveries as delivery on delivery.id = start.delivery_id
    where start.change_id = any (${changeIds}::uuid[]) and change.project_id = ${projectId}
    order by start.listener_id
  `.execute(db);
  for (const row of rows) {
    starts.set(row.change_id, [...(starts.get(row.change_id) ?? []), ...toStart(row)]);
  }
  return starts;
}

function toStart(row: StartRow): ChangeStart[] {
  if (row.run_id !== null) return [{ runId: row.run_id, workflowId: row.workflow_id }];
  if (row.delivery_id === null) return [];
  return [{ deliveryId: row.delivery_id, subscriptionId: row.subscription_id }];
}
