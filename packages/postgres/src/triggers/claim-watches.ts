import type { HeldWatch } from "@tenon/triggers";
import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";
import { toWatch, type WatchRow } from "./watch-rows.ts";

/** A holder that is silent for so long is taken to be dead. */
export const leaseMs = 15_000;

/** Events that are looked at for one claim. Those of held connections are worked on as they are. */
const oldestEvents = 2_000;

const isFree = sql`(watches.lease_until is null or watches.lease_until < clock_timestamp())`;
const isListenedTo = sql`exists (
  select from listeners
  where listeners.connection_id = watches.connection_id
    and (listeners.paused_at is null or listeners.catches_up))`;

/** Takes connections with something to do: a poll or an event that is due. */
export async function claimDue(
  db: Kysely<Database>,
  { holder, limit }: { holder: string; limit: number },
): Promise<HeldWatch[]> {
  const chosen = sql`
    select watches.connection_id from watches
    where watches.connection_id in (
      (select connection_id from watches
        where next_poll_at <= clock_timestamp() and ${isFree}
        order by next_poll_at limit ${limit})
      union
      (select connection_id from (
          select connection_id from event_routes
          where outcome is null and due_at <= clock_timestamp()
          order by due_at limit ${oldestEvents}
        ) as oldest group by connection_id limit ${limit})
    ) and ${isFree}
    order by watches.next_poll_at limit ${limit}
    for update skip locked`;
  return take(db, holder, chosen);
}

/** Takes one connection; undefined where somebody has it, or nobody listens on it. */
export async function claimOne(
  db: Kysely<Database>,
  connectionId: string,
  { holder }: { holder: string },
): Promise<HeldWatch | undefined> {
  const chosen = sql`
    select connection_id from watches
    where connection_id = ${connectionId} and ${isFree}
    for update skip locked`;
  const [watch] = await take(db, holder, chosen);
  return watch;
}

async function take(
  db: Kysely<Database>,
  holder: string,
  chosen: ReturnType<typeof sql>,
): Promise<HeldWatch[]> {
  const { rows } = await sql<WatchRow>`
    update watches set
      lease_holder = ${holder}::uuid,
      lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}),
      fence = watches.fence + 1,
      -- Without a listener there is nothing to do; the next one brings it back.
      next_poll_at = case when ${isListenedTo} then watches.next_poll_at
        else clock_timestamp() + interval '100 years' end
    from (${chosen}) as chosen
    join connections on connections.id = chosen.connection_id
    join integrations on integrations.id = connections.integration_id
    left join webhook_endpoints as endpoint on endpoint.integration_id = integrations.id
    where watches.connection_id = chosen.connection_id
    returning watches.connection_id, watches.project_id, watches.connector_id, watches.since,
      watches.watermark, watches.polled_at, watches.swept_at, watches.last_change_at,
      watches.missed_at, watches.poll_failure_count, watches.fence::text,
      connections.provider_data,
      connections.status = 'VALID' and integrations.is_active as is_usable,
      watches.next_poll_at <= clock_timestamp() as is_poll_due,
      watches.next_poll_at::text as poll_mark,
      coalesce(watches.last_webhook_at > clock_timestamp() - interval '1 day', false)
        or endpoint.activated_at is not null as has_webhooks`.execute(db);
  return rows.map(toWatch);
}
