import type { AuthorizationStore, NewAuthorization } from "@tenon/connections";
import { type Kysely, sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";
import { selectAuthorizations, toAuthorization } from "./authorization-rows.ts";
import { connectAccount } from "./connect-account.ts";

/** Keeps sign-ins. Times are the database's clock. */
export function createAuthorizationStore(db: Kysely<Database>): AuthorizationStore {
  return {
    create: (authorization) =>
      db.transaction().execute((transaction) => insertAuthorization(transaction, authorization)),

    async findByStateHash(stateHash) {
      const row = await selectAuthorizations(db)
        .where("state_hash", "=", stateHash)
        .executeTakeFirst();
      return row && toAuthorization(row);
    },

    async beginExchange(id) {
      const { numUpdatedRows } = await db
        .updateTable("authorizations")
        .set({ status: "exchanging", exchange_started_at: sql`now()` })
        .where("id", "=", id)
        .where("status", "=", "pending")
        .where("expires_at", ">", sql<Date>`now()`)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async fail(id, from, failure) {
      const { numUpdatedRows } = await db
        .updateTable("authorizations")
        .set({
          status: failure.code === "authorization_denied" ? "denied" : "failed",
          failure: JSON.stringify(failure),
        })
        .where("id", "=", id)
        .where("status", "=", from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    connect: (id, place) =>
      db.transaction().execute((transaction) => connectAccount(transaction, id, place)),

    async findLatest({ projectId, userId }, { integrationId, since }) {
      const row = await selectAuthorizations(db)
        .where("authorizations.project_id", "=", projectId)
        .where("user_id", "=", userId)
        .where("integration_id", "=", integrationId)
        .where("authorizations.created_at", ">=", since)
        .orderBy("authorizations.created_at", "desc")
        .limit(1)
        .executeTakeFirst();
      return row && toAuthorization(row);
    },

    async findBySessionKey({ projectId, userId }, sessionKey) {
      const row = await selectAuthorizations(db)
        .where("authorizations.project_id", "=", projectId)
        .where("user_id", "=", userId)
        .where("session_key", "=", sessionKey)
        .executeTakeFirst();
      return row && toAuthorization(row);
    },

    forgetSessionKey: (scope, sessionKey) => forgetSessionKey(db, scope, sessionKey),
  };
}

async function insertAuthorization(
  transaction: Transaction<Database>,
  authorization: NewAuthorization,
): Promise<void> {
  const { userId, sessionKey, lifetimeMs, startsExchanging = false } = authorization;
  if (sessionKey !== null) await forgetSessionKey(transaction, authorization, sessionKey);
  await transaction
    .insertInto("authorizations")
    .values({
      id: authorization.id,
      state_hash: authorization.stateHash,
      project_id: authorization.projectId,
      integration_id: authorization.integrationId,
      user_id: userId,
      session_key: sessionKey,
      client_id: authorization.clientId,
      base_url: authorization.baseUrl,
      redirect_uri: authorization.redirectUri,
      opener_origin: authorization.openerOrigin,
      install_options: JSON.stringify(authorization.installOptions),
      status: startsExchanging ? "exchanging" : "pending",
      exchange_started_at: startsExchanging ? sql<Date>`now()` : null,
      expires_at: sql<Date>`now() + ${lifetimeMs} * interval '1 millisecond'`,
    })
    .execute();
}

async function forgetSessionKey(
  db: Kysely<Database>,
  { projectId, userId }: { projectId: string; userId: string },
  sessionKey: string,
): Promise<void> {
  await db
    .updateTable("authorizations")
    .set({ session_key: null })
    .where("project_id", "=", projectId)
    .where("user_id", "=", userId)
    .where("session_key", "=", sessionKey)
    .execute();
}
