import type { WatchStatus } from "@tenon/triggers";
import { type Kysely, type Selectable, sql } from "kysely";
import { isUuid } from "../../is-uuid.ts";
import type { Database } from "../../tables.ts";

/** How a connection is watched; undefined: the project has no such connection. */
export async function readWatch(
  db: Kysely<Database>,
  projectId: string,
  connectionId: string,
): Promise<WatchStatus | undefined> {
  if (!isUuid(connectionId)) return undefined;
  const [row, listeners] = await Promise.all([
    selectWatch(db, projectId, connectionId).executeTakeFirst(),
    db
      .selectFrom("listeners")
      .selectAll()
      .where("connection_id", "=", connectionId)
      .where("project_id", "=", projectId)
      .orderBy("since")
      .orderBy("id")
      .execute(),
  ]);
  if (row === undefined) return undefined;
  return {
    since: row.since ?? undefined,
    lastPolledAt: row.polled_at ?? undefined,
    nextPollAt: row.next_poll_at ?? undefined,
    pollFailure: row.poll_failure ?? undefined,
    lastWebhookAt: row.last_webhook_at ?? undefined,
    lastChangeAt: row.last_change_at ?? undefined,
    missedAt: row.missed_at ?? undefined,
    receivedCount: Number(row.received_count ?? 0),
    deduplicatedCount: Number(row.deduplicated_count ?? 0),
    pendingEvents: Number(row.pending_count ?? 0),
    oldestPendingAt: row.oldest_pending_at ?? undefined,
    listeners: listeners.flatMap(toListener),
  };
}

function selectWatch(db: Kysely<Database>, projectId: string, connectionId: string) {
  return db
    .selectFrom("connections as connection")
    .leftJoin("watches as watch", "watch.connection_id", "connection.id")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("event_routes as route")
          .select((route) => [
            route.fn.countAll<string>().as("pending_count"),
            sql<Date | null>`min(route.created_at)`.as("oldest_pending_at"),
          ])
          .whereRef("route.connection_id", "=", "connection.id")
          .where("route.outcome", "is", null)
          .as("pending"),
      (join) => join.onTrue(),
    )
    .select([
      "watch.since",
      "watch.polled_at",
      "watch.next_poll_at",
      "watch.poll_failure",
      "watch.last_webhook_at",
      "watch.last_change_at",
      "watch.missed_at",
      "watch.received_count",
      "watch.deduplicated_count",
      "pending.pending_count",
      "pending.oldest_pending_at",
    ])
    .where("connection.id", "=", connectionId)
    .where("connection.project_id", "=", projectId);
}

/** The table's checks say that it is of one or the other. */
function toListener(row: Selectable<Database["listeners"]>): WatchStatus["listeners"][number][] {
  const { workflow_id: workflowId, subscription_id: subscriptionId } = row;
  const shared = {
    id: row.id,
    triggerId: row.trigger_id,
    since: row.since,
    pausedAt: row.paused_at ?? undefined,
    catchesUp: row.catches_up,
  };
  if (workflowId !== null) return [{ ...shared, of: { workflowId } }];
  return subscriptionId === null ? [] : [{ ...shared, of: { subscriptionId } }];
}
