import type { PendingRoute, WatchStore } from "@tenon/triggers";
import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";
import { claimDue, claimOne, leaseMs } from "./claim-watches.ts";
import { commitWatch } from "./commit-watch.ts";
import { Details, toChange, toLedgerEntry, toListener } from "./watch-rows.ts";

/** Stores what is watched. */
export function createWatchStore(db: Kysely<Database>): WatchStore {
  return {
    claimDue: (ask) => claimDue(db, ask),
    claim: (connectionId, ask) => claimOne(db, connectionId, ask),
    async keep(connectionIds, { holder }) {
      await db
        .updateTable("watches")
        .set({ lease_until: sql`clock_timestamp() + make_interval(secs => ${leaseMs / 1000})` })
        .where("connection_id", "in", [...connectionIds])
        .where("lease_holder", "=", holder)
        .execute();
    },
    commit: (entry) => commitWatch(db, entry),
    ...createReading(db),
    ...createLedgerReading(db),
    ...createTiming(db),
  };
}

type Reading = Pick<WatchStore, "readListeners" | "readRoutes" | "readChanges">;

function createReading(db: Kysely<Database>): Reading {
  return {
    async readListeners(connectionId) {
      const rows = await db
        .selectFrom("listeners")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where((eb) => eb.or([eb("paused_at", "is", null), eb("catches_up", "=", true)]))
        .orderBy("id")
        .execute();
      return rows.map(toListener);
    },

    async readRoutes(connectionId, limit) {
      const rows = await db
        .selectFrom("event_routes")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("outcome", "is", null)
        .where("due_at", "<=", sql<Date>`clock_timestamp()`)
        .orderBy("due_at")
        .limit(limit)
        .execute();
      return rows.map((row): PendingRoute => ({
        eventId: row.event_id,
        object: { kind: row.object_kind, id: row.object_id },
        changes: row.changes,
        details: Details.parse(JSON.parse(row.details)),
        authors: row.authors,
        occurredAt: row.occurred_at,
        attempts: row.attempts,
      }));
    },

    async readChanges(connectionId, { from, after, limit }) {
      const rows = await db
        .selectFrom("changes")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("created_at", ">=", from)
        .$if(after !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb("created_at", ">", from),
              eb.and([eb("created_at", "=", from), eb("id", ">", after ?? "")]),
            ]),
          ),
        )
        .orderBy("created_at")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toChange);
    },
  };
}

function createLedgerReading(
  db: Kysely<Database>,
): Pick<WatchStore, "readLedger" | "readUnsettled"> {
  return {
    async readLedger(connectionId, objects) {
      if (objects.length === 0) return [];
      const rows = await db
        .selectFrom("watched_objects")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("object_id", "in", [...new Set(objects.map(({ id }) => id))])
        .execute();
      return rows.map(toLedgerEntry);
    },

    async readUnsettled(connectionId, { changedBefore, limit }) {
      const rows = await db
        .selectFrom("watched_objects")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("settle_at", "is not", null)
        .where((eb) =>
          eb.or([
            eb("settle_at", "<=", sql<Date>`clock_timestamp()`),
            eb("changed_at", "<", changedBefore),
          ]),
        )
        .orderBy("settle_at")
        .limit(limit)
        .execute();
      return rows.map(toLedgerEntry);
    },
  };
}

/** What there was shortly before somebody begins to listen is told from what is new by looking. */
const headStartMs = 60_000;
/** A provider's minute, and what its clock may be off by. */
const settleMs = 70_000;
const lateMs = 180_000;

function createTiming(
  db: Kysely<Database>,
): Pick<WatchStore, "begin" | "resume" | "postpone" | "release"> {
  return {
    async begin(connectionId) {
      await sql`
        insert into watches (connection_id, project_id, connector_id, since, watermark)
        select id, project_id, connector_id, begun.at, begun.at
        from connections, (
          select clock_timestamp() - make_interval(secs => ${headStartMs / 1000}) as at
        ) as begun
        where id = ${connectionId}
        on conflict (connection_id) do nothing`.execute(db);
      await sql`
        update watched_objects
        set settle_at = clock_timestamp() + make_interval(secs => ${settleMs / 1000})
        where connection_id = ${connectionId} and settle_at is null
          and changed_at > clock_timestamp() - make_interval(secs => ${lateMs / 1000})`.execute(db);
    },

    async resume(connectionId) {
      await db
        .updateTable("watches")
        .set({ next_poll_at: sql`clock_timestamp()` })
        .where("connection_id", "=", connectionId)
        .execute();
      await db
        .updateTable("event_routes")
        .set({ due_at: sql`clock_timestamp()` })
        .where("connection_id", "=", connectionId)
        .where("outcome", "is", null)
        .execute();
    },

    async postpone(connectionId, routes) {
      if (routes.length === 0) return;
      await sql`
        update event_routes set attempts = attempts + 1, failure = later.failure,
          due_at = clock_timestamp() + make_interval(secs => later.in_ms / 1000)
        from unnest(
          ${routes.map((one) => one.eventId)}::uuid[], ${routes.map((one) => one.inMs)}::float8[],
          ${routes.map((one) => one.failure)}::text[]
        ) as later (event_id, in_ms, failure)
        where event_routes.event_id = later.event_id
          and event_routes.connection_id = ${connectionId}`.execute(db);
    },

    async release({ watch, nextPollInMs, polled }) {
      await db
        .updateTable("watches")
        .set({
          lease_holder: null,
          lease_until: null,
          ...(nextPollInMs !== undefined && {
            next_poll_at: sql`case when next_poll_at = ${watch.pollMark}::timestamptz
              then clock_timestamp() + make_interval(secs => ${nextPollInMs / 1000})
              else next_poll_at end`,
          }),
          ...(polled && {
            polled_at: sql`clock_timestamp()`,
            poll_failure: polled.failure ?? null,
            poll_failure_count:
              polled.failure === undefined ? 0 : sql<number>`poll_failure_count + 1`,
            ...(polled.swept && { swept_at: sql`clock_timestamp()` }),
          }),
        })
        .where("connection_id", "=", watch.connectionId)
        .where("fence", "=", watch.fence)
        .execute();
    },
  };
}
