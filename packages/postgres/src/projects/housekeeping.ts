import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";
import { deleteOldWebhooks } from "../triggers/inbound/inbound-retention.ts";
import { deleteOldDeliveries } from "../triggers/subscriptions/delete-old-deliveries.ts";
import { deleteOldChanges } from "../triggers/watch-retention.ts";
import { deleteOldRuns } from "../workflows/run-retention.ts";

/** Removes rows whose time is over. */
export function createHousekeepingStore(db: Kysely<Database>) {
  return {
    async purge(ages: { authorizationsMs: number; tokenExchangesMs: number }): Promise<void> {
      await db
        .deleteFrom("authorizations")
        .where("created_at", "<", before(ages.authorizationsMs))
        .execute();
      // Any other may be the only trace of a rotation that was cut off.
      await db
        .deleteFrom("token_exchanges")
        .where("started_at", "<", before(ages.tokenExchangesMs))
        .where("outcome", "in", ["stored", "refused", "failed"])
        .execute();
    },

    deleteOldRuns: () => deleteOldRuns(db),
    deleteOldWebhooks: () => deleteOldWebhooks(db),
    deleteOldDeliveries: () => deleteOldDeliveries(db),
    deleteOldChanges: () => deleteOldChanges(db),
  };
}

export type HousekeepingStore = ReturnType<typeof createHousekeepingStore>;

function before(ageMs: number) {
  return sql<Date>`now() - make_interval(secs => ${ageMs / 1000})`;
}
