import type { Delivery } from "@tenon/triggers";
import type { Kysely } from "kysely";
import * as z from "zod";
import type { Database } from "../../tables.ts";
import { placeText } from "./page-cursor.ts";

/** Attempts as they are stored. */
export const StoredAttempts = z.array(
  z.object({
    at: z.string(),
    durationMs: z.number(),
    status: z.number().nullable(),
    error: z.string().nullable(),
    response: z.string(),
  }),
);

export function selectDeliveries(db: Kysely<Database>, subscriptionId: string) {
  return db
    .selectFrom("deliveries")
    .selectAll()
    .select(placeText("created_at").as("created_text"))
    .where("subscription_id", "=", subscriptionId);
}

type DeliveryRow = Awaited<
  ReturnType<ReturnType<typeof selectDeliveries>["executeTakeFirstOrThrow"]>
>;

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    subscriptionId: row.subscription_id,
    changeId: row.is_test ? undefined : row.change_id,
    isTest: row.is_test,
    status: row.status,
    attempts: StoredAttempts.parse(row.attempts),
    attemptCount: row.attempt_count,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
    body: row.body,
  };
}
