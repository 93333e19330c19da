import type { RenewalLease, RenewedTokens } from "@tenon/connections";
import { sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";
import { atRest } from "./connection-rows.ts";
import { after } from "./stored-tokens.ts";

/** The exchange that came to an end. */
interface Ended {
  lease: RenewalLease;
  exchangeId: string;
}

/** Stores the new tokens over the version they were exchanged from. */
export async function finishRenewed(
  transaction: Transaction<Database>,
  { lease, exchangeId }: Ended,
  renewed: RenewedTokens,
): Promise<boolean> {
  const { connectionId, tokenVersion } = lease.tokens;
  const { numUpdatedRows } = await transaction
    .updateTable("connections")
    .set({
      sealed_tokens: renewed.sealedTokens,
      token_version: tokenVersion + 1,
      expires_at: renewed.expiresAt,
      provider_data: sql`provider_data || ${JSON.stringify(renewed.providerData)}::jsonb`,
      status: "VALID",
      invalid_reason: null,
      refreshed_at: sql`now()`,
      updated_at: sql`now()`,
      ...atRest,
    })
    .where("id", "=", connectionId)
    .where("token_version", "=", tokenVersion)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await noteOutcome(transaction, exchangeId, "stored");
  await forgetExchanges(transaction, connectionId, tokenVersion);
  return true;
}

/** Marks the connection INVALID, as the holder of the lease. */
export async function finishRefused(
  transaction: Transaction<Database>,
  { lease, exchangeId }: { lease: RenewalLease; exchangeId: string | undefined },
  reason: string,
): Promise<boolean> {
  const { numUpdatedRows } = await updateUnderLease(transaction, lease)
    .set({
      status: "INVALID",
      invalid_reason: reason,
      refresh_failure_count: lease.failureCount + 1,
      updated_at: sql`now()`,
      lease_holder: null,
      lease_until: null,
    })
    .executeTakeFirst();
  if (exchangeId !== undefined) await noteOutcome(transaction, exchangeId, "refused");
  return numUpdatedRows > 0n;
}

/** Counts the failure and frees the lease, as its holder. */
export async function finishFailed(
  transaction: Transaction<Database>,
  { lease, exchangeId }: Ended,
  { outcome, retryAfterMs }: { outcome: "failed" | "unknown"; retryAfterMs: number },
): Promise<void> {
  await updateUnderLease(transaction, lease)
    .set({
      refresh_failure_count: lease.failureCount + 1,
      refresh_after: after(retryAfterMs),
      lease_holder: null,
      lease_until: null,
    })
    .execute();
  await noteOutcome(transaction, exchangeId, outcome);
}
function updateUnderLease(transaction: Transaction<Database>, lease: RenewalLease) {
  return transaction
    .updateTable("connections")
    .where("id", "=", lease.tokens.connectionId)
    .where("token_version", "=", lease.tokens.tokenVersion)
    .where("fence", "=", lease.fence);
}

async function noteOutcome(
  transaction: Transaction<Database>,
  exchangeId: string,
  outcome: "stored" | "refused" | "failed" | "unknown",
): Promise<void> {
  await transaction
    .updateTable("token_exchanges")
    .set({ outcome, finished_at: sql`now()` })
    .where("id", "=", exchangeId)
    .execute();
}

/** Exchanges of tokens before the ones just replaced tell nothing any more. */
async function forgetExchanges(
  transaction: Transaction<Database>,
  connectionId: string,
  tokenVersion: number,
): Promise<void> {
  await transaction
    .deleteFrom("token_exchanges")
    .where("connection_id", "=", connectionId)
    .where("token_version", "<", tokenVersion)
    .execute();
}
