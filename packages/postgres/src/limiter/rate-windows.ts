import type { Lease, LeaseAsk, RateStore } from "@tenon/connections";
import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";

/**
 * Keeps the windows of the rate limiter.
 *
 * - A lease is one statement for many connections. Rows are locked in the order of their ids, so
 *   that two processes never wait for each other.
 * - The clock is the database's.
 * - The table is unlogged: after a crash of the database every window starts empty, and the
 *   provider's own 429 corrects what was forgotten.
 */
export function createRateStore(db: Kysely<Database>): RateStore {
  return {
    async lease(asks) {
      const { rows } = await leaseStatement(asks).execute(db);
      return rows;
    },

    async block(connectionId, forMs) {
      await sql`
        insert into rate_windows as held
          (connection_id, window_end, used, ceiling, granted, blocked_until)
        select ${connectionId}::uuid, fresh.until, 0, 0, 0, fresh.until
        from (select now() + ${forMs}::float8 * interval '1 ms' as until) as fresh
        on conflict (connection_id) do update set
          blocked_until = greatest(held.blocked_until, excluded.blocked_until),
          window_end = greatest(held.blocked_until, excluded.blocked_until)
      `.execute(db);
    },

    async purge() {
      await db
        .deleteFrom("rate_windows")
        .where("window_end", "<", sql<Date>`now() - interval '1 hour'`)
        .execute();
    },
  };
}

/**
 * What was wanted comes in as `granted`. As a window fills, at most a quarter of what is left is
 * granted at once: the last permits go to the process that has a use for them.
 */
function leaseStatement(asks: readonly LeaseAsk[]) {
  return sql<Lease>`
    insert into rate_windows as held (connection_id, window_end, used, ceiling, granted)
    select ask.connection_id, now() + ask.window_ms * interval '1 ms', ask.wanted, ask.ceiling, ask.wanted
    from unnest(
      ${asks.map((ask) => ask.connectionId)}::uuid[],
      ${asks.map((ask) => ask.wanted)}::integer[],
      ${asks.map((ask) => ask.ceiling)}::integer[],
      ${asks.map((ask) => ask.windowMs)}::float8[]
    ) as ask (connection_id, wanted, ceiling, window_ms)
    order by ask.connection_id
    on conflict (connection_id) do update set (window_end, ceiling, used, granted) = (
      select current.window_end, excluded.ceiling, current.used + lease.granted, lease.granted
      from (
        select
          case when held.window_end > now() then held.window_end else excluded.window_end end as window_end,
          case when held.window_end > now() then held.used else 0 end as used
      ) as current,
      lateral (
        select case
          when held.blocked_until > now() or current.used >= excluded.ceiling then 0
          else least(excluded.granted, greatest(1, (excluded.ceiling - current.used) / 4))
        end as granted
      ) as lease
    )
    returning
      held.connection_id as "connectionId",
      held.granted,
      held.used,
      extract(epoch from held.window_end - now())::float8 * 1000 as "windowEndsInMs",
      greatest(0, extract(epoch from coalesce(held.blocked_until, now()) - now())::float8 * 1000)
        as "blockedForMs"
  `;
}
