import type { PlannedSubscription } from "@tenon/triggers";
import { Condition } from "@tenon/workflow";
import type { Kysely } from "kysely";
import * as z from "zod";
import type { Database } from "../../tables.ts";

const Row = z.object({
  input: z.record(z.string(), z.unknown()),
  condition: Condition.nullable(),
  metadata: z.record(z.string(), z.unknown()),
});

/** What the planner needs to know of subscriptions, in one query. */
export async function readPlanned(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<PlannedSubscription[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("subscriptions as subscription")
    .innerJoin("integrations", "integrations.id", "subscription.integration_id")
    .innerJoin("connected_users", "connected_users.id", "subscription.user_id")
    .select([
      "subscription.id",
      "subscription.project_id",
      "subscription.connection_id",
      "subscription.trigger_id",
      "subscription.input",
      "subscription.condition",
      "subscription.ignores_own",
      "subscription.metadata",
      "subscription.status",
      "integrations.connector_id",
      "connected_users.external_id",
    ])
    .where("subscription.id", "in", ids)
    .execute();
  return rows.map((row) => {
    const { input, condition, metadata } = Row.parse(row);
    return {
      id: row.id,
      projectId: row.project_id,
      connectorId: row.connector_id,
      externalUserId: row.external_id,
      connectionId: row.connection_id,
      triggerId: row.trigger_id,
      input,
      condition: condition ?? undefined,
      ignoresOwn: row.ignores_own,
      metadata,
      status: row.status,
    };
  });
}
