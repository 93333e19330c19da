import type { DeliveryOutcome, DeliveryQueue, DisabledReason } from "@tenon/triggers";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "../../tables.ts";
import { claimDeliveries } from "./claim-deliveries.ts";
import { disableSubscription } from "./switch-subscription.ts";

/** What senders of all processes take their work from. */
export function createDeliveryQueue(db: Kysely<Database>): DeliveryQueue {
  return {
    claim: (ask) => claimDeliveries(db, ask),
    record: (outcome) => db.transaction().execute((transaction) => record(transaction, outcome)),
  };
}

async function record(
  transaction: Transaction<Database>,
  outcome: DeliveryOutcome,
): Promise<DisabledReason | undefined> {
  const { subscriptionId, isTest } = outcome.delivery;
  // The subscription first, as whoever switches it does: nobody waits for the other in turn.
  const reason = isTest ? undefined : await judge(transaction, outcome);
  await writeDown(transaction, outcome);
  if (reason !== undefined) await disableSubscription(transaction, subscriptionId, reason);
  return reason;
}

/** Notes how the subscription fares; answers why it is to be disabled. */
async function judge(
  transaction: Transaction<Database>,
  { delivery, failure, disableAfterMs }: DeliveryOutcome,
): Promise<DisabledReason | undefined> {
  const { subscriptionId: id } = delivery;
  const isDelivered = failure === undefined;
  // Each change of a subscription is told to all processes: it is written only where it is one.
  await transaction
    .updateTable("subscriptions")
    .set({ failing_since: isDelivered ? null : sql`clock_timestamp()` })
    .where("id", "=", id)
    .where("failing_since", isDelivered ? "is not" : "is", null)
    .execute();
  if (isDelivered) return undefined;
  const row = await transaction
    .selectFrom("subscriptions")
    .select("status")
    .select(
      sql<boolean>`failing_since < clock_timestamp() - make_interval(secs => ${disableAfterMs / 1000})`.as(
        "is_overdue",
      ),
    )
    .where("id", "=", id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row?.status !== "active") return undefined;
  if (failure.isGone) return "gone";
  return row.is_overdue ? "failing" : undefined;
}

async function writeDown(
  transaction: Transaction<Database>,
  { holder, delivery, attempts, failure }: DeliveryOutcome,
): Promise<void> {
  const isOver = failure?.nextInMs === undefined;
  // One that was disabled meanwhile waits until it is active.
  const nextAt = sql<Date | null>`(
    select clock_timestamp() + make_interval(secs => ${(failure?.nextInMs ?? 0) / 1000})
    from subscriptions where id = ${delivery.subscriptionId} and status = 'active')`;
  await transaction
    .updateTable("deliveries")
    .set({
      attempts: JSON.stringify(attempts),
      attempt_count: delivery.attemptCount + 1,
      status: failure === undefined ? "delivered" : isOver ? "failed" : "pending",
      next_attempt_at: isOver ? null : nextAt,
      finished_at: isOver ? sql`clock_timestamp()` : null,
      holder: null,
      held_until: null,
    })
    .where("id", "=", delivery.id)
    .where("holder", "=", holder)
    .execute();
}
