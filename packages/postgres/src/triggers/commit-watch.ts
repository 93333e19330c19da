import { ListenersChanged, type Start, type WatchCommit, WatchLost } from "@tenon/triggers";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";
import { leaseMs } from "./claim-watches.ts";
import { enqueueRuns } from "../workflows/enqueue-runs.ts";
import { insertDeliveries } from "./subscriptions/insert-deliveries.ts";

type Tx = Transaction<Database>;

/**
 * Writes down what was found out about a connection, all or nothing.
 *
 * Listeners are locked before the watch, as in every transaction that changes who listens.
 */
export async function commitWatch(
  db: Kysely<Database>,
  entry: WatchCommit,
): Promise<{ runs: number; deliveries: number }> {
  return db.transaction().execute(async (tx) => {
    const isTelling = entry.changes.length > 0 || entry.isStock === true;
    const changes = isTelling ? await keepListening(tx, entry) : [];
    await extendLease(tx, entry);
    await putLedger(tx, entry);
    await insertChanges(tx, changes);
    const starts = changes.flatMap((one) => one.starts);
    const runs = await enqueueRuns(
      tx,
      starts.flatMap((start) => ("run" in start ? [start.run] : [])),
    );
    const deliveries = starts.flatMap((start) => ("delivery" in start ? [start.delivery] : []));
    await insertDeliveries(tx, deliveries);
    await endRoutes(tx, entry);
    return { runs: runs.length, deliveries: deliveries.length };
  });
}

type Found = WatchCommit["changes"];

/**
 * Without the starts of listeners that were paused or removed since they were asked. Those that were
 * not asked must be: what is told of once is never told again.
 */
async function keepListening(tx: Tx, { watch, asked, changes }: WatchCommit): Promise<Found> {
  const rows = await tx
    .selectFrom("listeners")
    .select("id")
    .where("connection_id", "=", watch.connectionId)
    .where("paused_at", "is", null)
    .orderBy("id")
    .forShare()
    .execute();
  const active = asked.filter(({ pausedAt }) => pausedAt === undefined);
  const known = new Set(active.map(({ id }) => id));
  if (rows.some(({ id }) => !known.has(id))) {
    throw new ListenersChanged(`Others listen on connection ${watch.connectionId} by now.`);
  }
  const listening = new Set(rows.map(({ id }) => id));
  return changes.map(({ change, starts }) => ({
    change,
    starts: starts.filter(({ listenerId }) => listening.has(listenerId)),
  }));
}

async function extendLease(tx: Tx, entry: WatchCommit): Promise<void> {
  const { watch, changes, routes, watermark, since, missed, caughtUp } = entry;
  if (caughtUp !== undefined) {
    await tx
      .updateTable("listeners")
      .set({ behind_since: null })
      .where("id", "=", caughtUp)
      .execute();
  }
  const deduplicated = routes.filter(({ outcome }) => outcome === "deduplicated").length;
  const held = await tx
    .updateTable("watches")
    .set({
      lease_until: sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})`,
      ...(changes.length > 0 && { last_change_at: sql`clock_timestamp()` }),
      ...(deduplicated > 0 && {
        deduplicated_count: sql`deduplicated_count + ${deduplicated}`,
      }),
      ...(watermark !== undefined && { watermark: sql`greatest(watermark, ${watermark})` }),
      ...(since !== undefined && { since }),
      ...(missed !== undefined && { missed_at: missed ? sql`clock_timestamp()` : null }),
    })
    .where("connection_id", "=", watch.connectionId)
    .where("fence", "=", watch.fence)
    .returning("connection_id")
    .executeTakeFirst();
  if (held === undefined) {
    throw new WatchLost(`Connection ${watch.connectionId} is watched by another process by now.`);
  }
}

async function putLedger(tx: Tx, { watch, ledger }: WatchCommit): Promise<void> {
  if (ledger.length === 0) return;
  await tx
    .insertInto("watched_objects")
    .values(
      ledger.map((one) => ({
        connection_id: watch.connectionId,
        kind: one.kind,
        object_id: one.id,
        state: JSON.stringify(one.state),
        changed_at: one.changedAt,
        observed_at: one.observedAt,
        settle_at: one.settleAt ?? null,
        is_fresh: one.isFresh,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["connection_id", "kind", "object_id"]).doUpdateSet((eb) => ({
        state: eb.ref("excluded.state"),
        changed_at: eb.ref("excluded.changed_at"),
        observed_at: eb.ref("excluded.observed_at"),
        settle_at: eb.ref("excluded.settle_at"),
        is_fresh: eb.ref("excluded.is_fresh"),
      })),
    )
    .execute();
}

async function insertChanges(tx: Tx, found: Found): Promise<void> {
  if (found.length === 0) return;
  await tx
    .insertInto("changes")
    .values(
      found.map(({ change }) => ({
        id: change.id,
        project_id: change.projectId,
        connection_id: change.connectionId,
        object_kind: change.object.kind,
        object_id: change.object.id,
        changes: [...change.changes],
        details: JSON.stringify(change.details),
        authors: [...change.authors],
        is_own: change.isOwn,
        cause: change.cause,
        occurred_at: change.occurredAt,
        result: JSON.stringify(change.result ?? null),
      })),
    )
    // What is caught up with was found before.
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const starts = found.flatMap(({ change, starts }) =>
    starts.map((start) => ({ change_id: change.id, ...toStartRow(start) })),
  );
  if (starts.length === 0) return;
  await tx
    .insertInto("change_starts")
    .values(starts)
    .onConflict((conflict) => conflict.columns(["change_id", "listener_id"]).doNothing())
    .execute();
}

function toStartRow(start: Start) {
  return {
    listener_id: start.listenerId,
    run_id: "run" in start ? start.run.id : null,
    delivery_id: "delivery" in start ? start.delivery.id : null,
  };
}

async function endRoutes(tx: Tx, { watch, routes }: WatchCommit): Promise<void> {
  if (routes.length === 0) return;
  await sql`
    update event_routes set outcome = ended.outcome, change_id = ended.change_id,
      failure = ended.failure, finished_at = clock_timestamp()
    from unnest(
      ${routes.map((one) => one.eventId)}::uuid[], ${routes.map((one) => one.outcome)}::text[],
      ${routes.map((one) => one.changeId ?? null)}::uuid[],
      ${routes.map((one) => one.failure ?? null)}::text[]
    ) as ended (event_id, outcome, change_id, failure)
    where event_routes.event_id = ended.event_id
      and event_routes.connection_id = ${watch.connectionId}`.execute(tx);
}
