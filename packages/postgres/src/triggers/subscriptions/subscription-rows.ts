import { disabledReasons, type StoredSubscription, type SubscriptionScope } from "@tenon/triggers";
import { Condition } from "@tenon/workflow";
import type { Kysely } from "kysely";
import * as z from "zod";
import type { Database } from "../../tables.ts";
import { placeText } from "./page-cursor.ts";

const Row = z.object({
  input: z.record(z.string(), z.unknown()),
  condition: Condition.nullable(),
  metadata: z.record(z.string(), z.unknown()),
  disabled_reason: z.enum(disabledReasons).nullable(),
});

/** Selects subscriptions with the names that lead to them. */
export function selectSubscriptions(
  db: Kysely<Database>,
  { projectId, userId }: SubscriptionScope,
) {
  return db
    .selectFrom("subscriptions")
    .innerJoin("listeners", "listeners.subscription_id", "subscriptions.id")
    .innerJoin("integrations", "integrations.id", "subscriptions.integration_id")
    .innerJoin("connected_users", "connected_users.id", "subscriptions.user_id")
    .selectAll("subscriptions")
    .select([
      "listeners.catches_up",
      "integrations.connector_id",
      "connected_users.external_id as external_user_id",
      placeText("subscriptions.created_at").as("created_text"),
    ])
    .where("subscriptions.project_id", "=", projectId)
    .$if(userId !== undefined, (query) => query.where("subscriptions.user_id", "=", userId ?? ""));
}

export type SubscriptionRow = Awaited<
  ReturnType<ReturnType<typeof selectSubscriptions>["executeTakeFirstOrThrow"]>
>;

export function toSubscription(row: SubscriptionRow): StoredSubscription {
  const { input, condition, metadata, disabled_reason: disabledReason } = Row.parse(row);
  return {
    id: row.id,
    projectId: row.project_id,
    integrationId: row.integration_id,
    connectorId: row.connector_id,
    userId: row.user_id,
    externalUserId: row.external_user_id,
    connectionId: row.connection_id,
    triggerId: row.trigger_id,
    input,
    condition: condition ?? undefined,
    ignoresOwn: row.ignores_own,
    catchesUp: row.catches_up,
    url: row.url,
    metadata,
    status: row.status,
    disabledReason: disabledReason ?? undefined,
    disabledAt: row.disabled_at ?? undefined,
    failingSince: row.failing_since ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    sealedHeaders: row.sealed_headers ?? undefined,
    sealedSecret: row.sealed_secret,
  };
}
