import type { ClaimedDelivery, DeliveryClaim } from "@tenon/triggers";
import { type Kysely, sql } from "kysely";
import { nilUuid } from "../../is-uuid.ts";
import type { Database } from "../../tables.ts";
import { StoredAttempts } from "./delivery-rows.ts";

interface Row {
  id: string;
  project_id: string;
  subscription_id: string;
  body: string;
  is_test: boolean;
  attempt_count: number;
  attempts: unknown;
  url: string;
  sealed_headers: Buffer | null;
  sealed_secret: Buffer;
}

/** Subscriptions that are looked at for one claim. More of them get their turn with the next. */
const maxSubscriptions = 200;

/**
 * Takes what is due, of one subscription after the other, beginning after the one served last. A
 * delivery in hand is due again when its hold ends: that is how a dead holder's is taken over.
 */
export async function claimDeliveries(
  db: Kysely<Database>,
  ask: DeliveryClaim,
): Promise<{ deliveries: ClaimedDelivery[]; next: string | undefined }> {
  const { holder, holdMs, failing, slots, perSubscription, inHand, after = nilUuid } = ask;
  const ids = [...inHand.keys()];
  const counts = [...inHand.values()];
  // The recursion walks the index from one subscription with pending deliveries to the next. All
  // that a claim compares with is the time it began at: a volatile one could use no index.
  const { rows } = await sql<Row>`
    with recursive turn (subscription_id, due_at) as (
      (select subscription_id, next_attempt_at from deliveries
        where status = 'pending' and next_attempt_at is not null and subscription_id > ${after}
        order by subscription_id, next_attempt_at limit 1)
      union all
      select next.subscription_id, next.next_attempt_at
      from turn cross join lateral (
        select subscription_id, next_attempt_at from deliveries
        where status = 'pending' and next_attempt_at is not null
          and subscription_id > turn.subscription_id
        order by subscription_id, next_attempt_at limit 1
      ) as next
    ),
    waiting as (
      select turn.subscription_id, ${perSubscription} - coalesce(load.count, 0) as room
      from turn
      join subscriptions as subscription on subscription.id = turn.subscription_id
      left join unnest(${ids}::uuid[], ${counts}::integer[]) as load (subscription_id, count)
        on load.subscription_id = turn.subscription_id
      where turn.due_at <= now()
        and subscription.status = 'active'
        and (subscription.failing_since is not null) = ${failing}
        and coalesce(load.count, 0) < ${perSubscription}
      limit ${maxSubscriptions}
    ),
    picked as materialized (
      select due.id from waiting cross join lateral (
        select id from deliveries
        where subscription_id = waiting.subscription_id
          and status = 'pending' and next_attempt_at <= now()
        order by next_attempt_at limit waiting.room
        for update skip locked
      ) as due
      limit ${slots}
    )
    update deliveries set holder = ${holder},
      held_until = now() + make_interval(secs => ${holdMs / 1000}),
      next_attempt_at = now() + make_interval(secs => ${holdMs / 1000})
    from picked, subscriptions
    where deliveries.id = picked.id and subscriptions.id = deliveries.subscription_id
    returning deliveries.id, deliveries.project_id, deliveries.subscription_id, deliveries.body,
      deliveries.is_test, deliveries.attempt_count, deliveries.attempts,
      subscriptions.url, subscriptions.sealed_headers, subscriptions.sealed_secret
  `.execute(db);
  const last = rows
    .map((row) => row.subscription_id)
    .sort()
    .at(-1);
  return {
    deliveries: rows.map(toClaimed),
    // A turn that ended before all places were taken has seen everyone.
    next: rows.length < slots ? undefined : last,
  };
}

function toClaimed(row: Row): ClaimedDelivery {
  return {
    id: row.id,
    projectId: row.project_id,
    subscriptionId: row.subscription_id,
    body: row.body,
    isTest: row.is_test,
    attemptCount: row.attempt_count,
    attempts: StoredAttempts.parse(row.attempts),
    url: row.url,
    sealedHeaders: row.sealed_headers ?? undefined,
    sealedSecret: row.sealed_secret,
  };
}
