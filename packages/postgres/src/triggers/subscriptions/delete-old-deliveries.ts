import { type Kysely, sql } from "kysely";
import type { Database } from "../../tables.ts";

const batch = 2_000;
const days = 30;

/**
 * Deletes deliveries that are over for 30 days, and those that wait for a subscription which has been
 * disabled for as long; in small batches, so that nobody waits for it.
 */
export async function deleteOldDeliveries(db: Kysely<Database>): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from deliveries where id in (
        select delivery.id from deliveries as delivery
        join subscriptions as subscription on subscription.id = delivery.subscription_id
        where delivery.created_at < now() - make_interval(days => ${days})
          and coalesce(delivery.finished_at, subscription.disabled_at)
            < now() - make_interval(days => ${days})
        limit ${batch})
    `.execute(db);
    if (numAffectedRows < BigInt(batch)) return;
  }
}
