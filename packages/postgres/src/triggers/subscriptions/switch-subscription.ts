import type { DisabledReason } from "@tenon/triggers";
import { sql, type Transaction } from "kysely";
import type { Database } from "../../tables.ts";

/** From now on it is told nothing; what waits to be delivered waits on. The row is locked. */
export async function disableSubscription(
  transaction: Transaction<Database>,
  id: string,
  reason: DisabledReason,
): Promise<void> {
  await transaction
    .updateTable("subscriptions")
    .set({
      status: "disabled",
      disabled_reason: reason,
      disabled_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", id)
    .execute();
  await transaction
    .updateTable("listeners")
    .set({ paused_at: sql`clock_timestamp()` })
    .where("subscription_id", "=", id)
    .where("paused_at", "is", null)
    .execute();
  await transaction
    .updateTable("deliveries")
    .set({ next_attempt_at: null })
    .where("subscription_id", "=", id)
    .where("status", "=", "pending")
    .execute();
}

/**
 * It is told again. One that catches up goes on with what waited and with what happened meanwhile;
 * for any other what waited has failed. The row is locked.
 */
export async function enableSubscription(
  transaction: Transaction<Database>,
  id: string,
): Promise<void> {
  await transaction
    .updateTable("subscriptions")
    .set({
      status: "active",
      disabled_reason: null,
      disabled_at: null,
      failing_since: null,
      updated_at: sql`clock_timestamp()`,
    })
    .where("id", "=", id)
    .execute();
  const listener = await transaction
    .updateTable("listeners")
    .set({
      paused_at: null,
      // What it had not caught up with before is older than this pause.
      behind_since: sql`case when catches_up then coalesce(behind_since, paused_at) end`,
      since: sql`case when catches_up then since else clock_timestamp() end`,
    })
    .where("subscription_id", "=", id)
    .returning(["catches_up", "connection_id"])
    .executeTakeFirstOrThrow();
  await watchConnection(transaction, listener.connection_id);
  if (!listener.catches_up) await failWaiting(transaction, id);
  await transaction
    .updateTable("deliveries")
    // What a sender has in hand is not due before its hold ends.
    .set({ next_attempt_at: sql`greatest(clock_timestamp(), held_until)` })
    .where("subscription_id", "=", id)
    .where("status", "=", "pending")
    .execute();
}

/** What no sender has in hand can be replayed. */
async function failWaiting(transaction: Transaction<Database>, id: string): Promise<void> {
  await transaction
    .updateTable("deliveries")
    .set({ status: "failed", finished_at: sql`clock_timestamp()`, next_attempt_at: null })
    .where("subscription_id", "=", id)
    .where("status", "=", "pending")
    .where((eb) => eb.or([eb("holder", "is", null), eb("held_until", "<", sql<Date>`now()`)]))
    .execute();
}

/** Makes sure that the connection is watched, and soon. Listeners are locked before it. */
export async function watchConnection(
  transaction: Transaction<Database>,
  connectionId: string,
): Promise<void> {
  await sql`
    insert into watches (connection_id, project_id, connector_id, since, watermark)
    select id, project_id, connector_id, clock_timestamp(), clock_timestamp()
    from connections where id = ${connectionId}
    on conflict (connection_id) do update set
      next_poll_at = clock_timestamp()`.execute(transaction);
}
