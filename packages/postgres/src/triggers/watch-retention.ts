import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";

const batch = 2_000;
/** Of what was found, and of what is known of objects that nobody has seen changed since. */
const keptDays = 30;

/**
 * Deletes changes and what is known of objects after 30 days, in small batches. Who has been paused
 * for longer than that begins anew instead of catching up, and what nobody listens on is not watched
 * any more.
 */
export async function deleteOldChanges(db: Kysely<Database>): Promise<void> {
  const old = sql`now() - make_interval(days => ${keptDays})`;
  await deleteInBatches(() =>
    sql`delete from changes where id in (
      select id from changes where created_at < ${old} limit ${batch})`.execute(db),
  );
  await deleteInBatches(() =>
    sql`delete from watched_objects where ctid in (
      select ctid from watched_objects where observed_at < ${old} limit ${batch})`.execute(db),
  );
  await sql`update listeners set catches_up = false where paused_at < ${old} and catches_up`.execute(
    db,
  );
  await sql`delete from watches where created_at < ${old} and not exists (
    select from listeners where listeners.connection_id = watches.connection_id
  )`.execute(db);
}

async function deleteInBatches(
  deleteSome: () => Promise<{ numAffectedRows?: bigint }>,
): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await deleteSome();
    if (numAffectedRows < BigInt(batch)) return;
  }
}
