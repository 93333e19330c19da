import type { Delivery, DeliveryStore } from "@tenon/triggers";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../../is-uuid.ts";
import type { Database } from "../../tables.ts";
import { selectDeliveries, toDelivery } from "./delivery-rows.ts";
import { toDeliveryRow } from "./insert-deliveries.ts";
import { parseCursor, toCursor } from "./page-cursor.ts";

/** A new series of attempts, from now on. What a sender has in hand goes on as it is. */
const anew = {
  status: "pending",
  attempt_count: 0,
  next_attempt_at: sql<Date>`clock_timestamp()`,
  holder: null,
  held_until: null,
  finished_at: null,
} as const;

/** Stores what was and is to be sent to subscriptions. */
export function createDeliveryStore(db: Kysely<Database>): DeliveryStore {
  async function find(subscriptionId: string, id: string): Promise<Delivery | undefined> {
    if (!isUuid(id)) return undefined;
    const row = await selectDeliveries(db, subscriptionId).where("id", "=", id).executeTakeFirst();
    return row && toDelivery(row);
  }

  return {
    find,

    async createTest(delivery) {
      await db
        .insertInto("deliveries")
        .values({ ...toDeliveryRow(delivery), is_test: true })
        .execute();
      const made = await find(delivery.subscriptionId, delivery.id);
      if (made === undefined) throw new Error("A test was deleted while it was being made.");
      return made;
    },

    async list(subscriptionId, { status, from, to, limit, cursor }) {
      const after = parseCursor(cursor);
      let query = selectDeliveries(db, subscriptionId);
      if (status !== undefined) query = query.where("status", "=", status);
      if (from !== undefined) query = query.where("created_at", ">=", from);
      if (to !== undefined) query = query.where("created_at", "<", to);
      if (after !== undefined) {
        query = query.where(
          sql<boolean>`(created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      }
      const rows = await query
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        deliveries: shown.map(toDelivery),
        nextCursor:
          rows.length > limit && last ? toCursor([last.created_text, last.id]) : undefined,
      };
    },

    async replay(subscriptionId, id) {
      if (!isUuid(id)) return undefined;
      await db
        .updateTable("deliveries")
        .set(anew)
        .where("id", "=", id)
        .where("subscription_id", "=", subscriptionId)
        .where((eb) => eb.or([eb("holder", "is", null), eb("held_until", "<", sql<Date>`now()`)]))
        .execute();
      return find(subscriptionId, id);
    },

    async replayFailed(subscriptionId, { from, to }) {
      const { numUpdatedRows } = await db
        .updateTable("deliveries")
        .set(anew)
        .where("subscription_id", "=", subscriptionId)
        .where("status", "=", "failed")
        .where("created_at", ">=", from)
        .where("created_at", "<", to)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
  };
}
