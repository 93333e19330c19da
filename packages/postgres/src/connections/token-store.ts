import type { TokenStore } from "@tenon/connections";
import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";
import { finishFailed, finishRefused, finishRenewed } from "./finish-renewal.ts";
import { isUuid } from "../is-uuid.ts";
import { after, toStoredTokens } from "./stored-tokens.ts";
import { takeLease } from "./take-lease.ts";

/**
 * Keeps tokens, the lease to renew them and the journal of exchanges.
 *
 * - Times are the database's clock, so that processes need not agree on theirs.
 * - Whoever takes the lease raises `fence`. Only the holder of the present fence may note failures
 *   or mark the connection INVALID; new tokens are stored over the version they replace, whoever
 *   holds the lease by then.
 */
export function createTokenStore(db: Kysely<Database>): TokenStore {
  return {
    async find(connectionId) {
      if (!isUuid(connectionId)) return undefined;
      const row = await db
        .selectFrom("connections")
        .selectAll()
        .where("id", "=", connectionId)
        .executeTakeFirst();
      return row && toStoredTokens(row);
    },

    takeLease: (request) =>
      db.transaction().execute((transaction) => takeLease(transaction, request)),

    async extendLease(lease, leaseMs) {
      const { numUpdatedRows } = await db
        .updateTable("connections")
        .set({ lease_until: after(leaseMs) })
        .where("id", "=", lease.tokens.connectionId)
        .where("fence", "=", lease.fence)
        .where("lease_holder", "=", lease.holder)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async beginExchange(lease, exchangeId) {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("token_exchanges")
        .columns(["id", "connection_id", "token_version", "fence"])
        .expression((eb) =>
          eb
            .selectFrom("connections")
            .select([sql`${exchangeId}::uuid`.as("id"), "id as connection_id"])
            .select(["token_version", "fence"])
            .where("id", "=", lease.tokens.connectionId)
            .where("token_version", "=", lease.tokens.tokenVersion)
            .where("fence", "=", lease.fence)
            .where("lease_holder", "=", lease.holder)
            .where("lease_until", ">", sql<Date>`clock_timestamp()`),
        )
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },

    finishRenewed: (lease, exchangeId, renewed) =>
      db.transaction().execute((t) => finishRenewed(t, { lease, exchangeId }, renewed)),

    finishRefused: (lease, exchangeId, reason) =>
      db.transaction().execute((t) => finishRefused(t, { lease, exchangeId }, reason)),

    finishFailed: (lease, exchangeId, failure) =>
      db.transaction().execute((t) => finishFailed(t, { lease, exchangeId }, failure)),
  };
}
