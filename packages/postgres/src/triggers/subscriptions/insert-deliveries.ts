import type { NewDelivery } from "@tenon/triggers";
import type { Transaction } from "kysely";
import type { Database } from "../../tables.ts";

/** Stores deliveries that are due at once; one that is there already stays as it is. */
export async function insertDeliveries(
  transaction: Transaction<Database>,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await transaction
    .insertInto("deliveries")
    .values(deliveries.map((one) => toDeliveryRow(one)))
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** What a delivery begins with. */
export function toDeliveryRow({ id, projectId, subscriptionId, changeId, body }: NewDelivery) {
  return {
    id,
    project_id: projectId,
    subscription_id: subscriptionId,
    change_id: changeId,
    body,
    attempts: "[]",
  };
}
