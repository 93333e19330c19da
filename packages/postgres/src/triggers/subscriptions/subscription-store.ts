import { randomUUID } from "node:crypto";
import type {
  StoredSubscription,
  StoredSubscriptionChange,
  SubscriptionScope,
  SubscriptionSeed,
  SubscriptionStore,
} from "@tenon/triggers";
import { type Kysely, sql, type Transaction } from "kysely";
import { isUuid } from "../../is-uuid.ts";
import type { Database } from "../../tables.ts";
import { parseCursor, toCursor } from "./page-cursor.ts";
import { readPlanned } from "./read-planned.ts";
import { selectSubscriptions, type SubscriptionRow, toSubscription } from "./subscription-rows.ts";
import { disableSubscription, enableSubscription, watchConnection } from "./switch-subscription.ts";

/** Stores subscriptions, each with its row among the listeners. */
export function createSubscriptionStore(db: Kysely<Database>): SubscriptionStore {
  return {
    create: (seed) => db.transaction().execute((transaction) => create(transaction, seed)),

    async list(scope, filter) {
      if (filter.userId !== undefined && !isUuid(filter.userId)) return empty;
      const { userId, integrationId, triggerId, status, limit } = filter;
      const after = parseCursor(filter.cursor);
      let query = selectSubscriptions(db, scope);
      if (userId !== undefined) query = query.where("subscriptions.user_id", "=", userId);
      if (integrationId !== undefined) {
        query = query.where("subscriptions.integration_id", "=", integrationId);
      }
      if (triggerId !== undefined) query = query.where("subscriptions.trigger_id", "=", triggerId);
      if (status !== undefined) query = query.where("subscriptions.status", "=", status);
      if (after !== undefined) {
        query = query.where(
          sql<boolean>`(subscriptions.created_at, subscriptions.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
        );
      }
      const rows = await query
        .orderBy("subscriptions.created_at", "desc")
        .orderBy("subscriptions.id", "desc")
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit);
    },

    find: (scope, id) => find(db, scope, id),

    async update(scope, id, change) {
      if (!isUuid(id)) return undefined;
      return db.transaction().execute((transaction) => update(transaction, { scope, id, change }));
    },

    async remove(scope, id) {
      if (!isUuid(id)) return false;
      return db.transaction().execute((transaction) => remove(transaction, scope, id));
    },

    readPlanned: (ids) => readPlanned(db, ids),
  };
}

const empty = { subscriptions: [], nextCursor: undefined };

function toPage(rows: readonly SubscriptionRow[], limit: number) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    subscriptions: shown.map(toSubscription),
    nextCursor: rows.length > limit && last ? toCursor([last.created_text, last.id]) : undefined,
  };
}

async function find(
  db: Kysely<Database>,
  scope: SubscriptionScope,
  id: string,
): Promise<StoredSubscription | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await selectSubscriptions(db, scope)
    .where("subscriptions.id", "=", id)
    .executeTakeFirst();
  return row && toSubscription(row);
}

async function create(
  transaction: Transaction<Database>,
  seed: SubscriptionSeed,
): Promise<StoredSubscription | undefined> {
  const { id, projectId, connectionId, triggerId, catchesUp } = seed;
  const connection = await transaction
    .selectFrom("connections")
    .select("id")
    .where("id", "=", connectionId)
    .where("project_id", "=", projectId)
    .where("user_id", "=", seed.userId)
    .forKeyShare()
    .executeTakeFirst();
  if (connection === undefined) return undefined;
  await transaction
    .insertInto("subscriptions")
    .values({
      id,
      project_id: projectId,
      integration_id: seed.integrationId,
      user_id: seed.userId,
      connection_id: connectionId,
      trigger_id: triggerId,
      input: JSON.stringify(seed.input),
      condition: seed.condition === undefined ? null : JSON.stringify(seed.condition),
      ignores_own: seed.ignoresOwn,
      url: seed.url,
      sealed_headers: seed.sealedHeaders ?? null,
      metadata: JSON.stringify(seed.metadata),
      sealed_secret: seed.sealedSecret,
    })
    .execute();
  await transaction
    .insertInto("listeners")
    .values({
      id: randomUUID(),
      project_id: projectId,
      connection_id: connectionId,
      trigger_id: triggerId,
      subscription_id: id,
      catches_up: catchesUp,
    })
    .execute();
  await watchConnection(transaction, connectionId);
  return find(transaction, { projectId }, id);
}

/** Its listener first, as whoever writes down what is found out about the connection does. */
async function remove(
  transaction: Transaction<Database>,
  scope: SubscriptionScope,
  id: string,
): Promise<boolean> {
  if ((await find(transaction, scope, id)) === undefined) return false;
  await transaction.deleteFrom("listeners").where("subscription_id", "=", id).execute();
  const row = await transaction
    .deleteFrom("subscriptions")
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
}

async function update(
  transaction: Transaction<Database>,
  at: { scope: SubscriptionScope; id: string; change: StoredSubscriptionChange },
): Promise<StoredSubscription | undefined> {
  const { scope, id, change } = at;
  const locked = await transaction
    .selectFrom("subscriptions")
    .select(["id", "status"])
    .where("id", "=", id)
    .where("project_id", "=", scope.projectId)
    .$if(scope.userId !== undefined, (query) => query.where("user_id", "=", scope.userId ?? ""))
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (locked === undefined) return undefined;
  await transaction
    .updateTable("subscriptions")
    .set({ ...toColumns(change), updated_at: sql`clock_timestamp()` })
    .where("id", "=", id)
    .execute();
  if (change.catchesUp !== undefined) {
    await transaction
      .updateTable("listeners")
      .set({ catches_up: change.catchesUp })
      .where("subscription_id", "=", id)
      .execute();
  }
  if (change.status !== undefined && change.status !== locked.status) {
    if (change.status === "active") await enableSubscription(transaction, id);
    else await disableSubscription(transaction, id, "requested");
  }
  return find(transaction, scope, id);
}

function toColumns(change: StoredSubscriptionChange) {
  const { input, condition, ignoresOwn, url, metadata, sealedHeaders, sealedSecret } = change;
  return {
    ...(input && { input: JSON.stringify(input) }),
    ...(condition !== undefined && {
      condition: condition === null ? null : JSON.stringify(condition),
    }),
    ...(ignoresOwn !== undefined && { ignores_own: ignoresOwn }),
    ...(url !== undefined && { url }),
    ...(metadata && { metadata: JSON.stringify(metadata) }),
    ...(sealedHeaders !== undefined && { sealed_headers: sealedHeaders }),
    ...(sealedSecret && { sealed_secret: sealedSecret }),
  };
}
