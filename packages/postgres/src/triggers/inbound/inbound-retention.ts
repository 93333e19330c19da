import { type Kysely, sql } from "kysely";
import type { Database } from "../../tables.ts";

const batch = 2_000;

/**
 * Deletes events that were received more than 30 days ago, with their routes, and handshakes of more
 * than 7 days; in small batches, so that nobody waits for it.
 */
export async function deleteOldWebhooks(db: Kysely<Database>): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from webhook_events where id in (
        select id from webhook_events where received_at < now() - interval '30 days' limit ${batch}
      )
    `.execute(db);
    if (numAffectedRows < BigInt(batch)) break;
  }
  await sql`
    delete from webhook_handshakes where received_at < now() - interval '7 days'
  `.execute(db);
}
