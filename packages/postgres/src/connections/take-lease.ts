import type { LeaseAnswer, RenewalLease, StoredTokens, TokenStore } from "@tenon/connections";
import { sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";
import { after, toStoredTokens } from "./stored-tokens.ts";

type LeaseRequest = Parameters<TokenStore["takeLease"]>[0];

/** The row is locked while its state is judged: of two who ask, the second sees the first's lease. */
export async function takeLease(
  transaction: Transaction<Database>,
  { connectionId, usedVersion, holder, leaseMs }: LeaseRequest,
): Promise<LeaseAnswer> {
  const row = await transaction
    .selectFrom("connections")
    .selectAll()
    .select([millisecondsTo("lease_until").as("leased_ms")])
    .select([millisecondsTo("refresh_after").as("waiting_ms")])
    .where("id", "=", connectionId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) return { kind: "gone" };
  if (row.status === "INVALID") return { kind: "invalid", reason: row.invalid_reason ?? "" };
  const tokens = toStoredTokens(row);
  if (tokens.tokenVersion > usedVersion) return { kind: "newer", tokens };
  if (row.leased_ms > 0 && row.lease_holder !== holder) {
    return { kind: "held", remainingMs: row.leased_ms };
  }
  if (row.waiting_ms > 0) return { kind: "waiting", remainingMs: row.waiting_ms };
  const { fence } = await transaction
    .updateTable("connections")
    .set({ lease_holder: holder, lease_until: after(leaseMs), fence: sql`fence + 1` })
    .where("id", "=", connectionId)
    .returning("fence")
    .executeTakeFirstOrThrow();
  const earlier = await readEarlier(transaction, tokens);
  const failureCount = row.refresh_failure_count;
  return { kind: "taken", lease: { tokens, holder, fence, failureCount, earlier } };
}

/** How the exchanges of these very tokens ended whose outcome is not known. */
async function readEarlier(
  transaction: Transaction<Database>,
  { connectionId, tokenVersion }: StoredTokens,
): Promise<RenewalLease["earlier"]> {
  const rows = await transaction
    .selectFrom("token_exchanges")
    .select("outcome")
    .where("connection_id", "=", connectionId)
    .where("token_version", "=", tokenVersion)
    .where((eb) => eb.or([eb("outcome", "is", null), eb("outcome", "=", "unknown")]))
    .execute();
  if (rows.some(({ outcome }) => outcome === null)) return "crashed";
  return rows.length > 0 ? "unanswered" : undefined;
}

/** Zero where that time is over or none is set. */
function millisecondsTo(column: "lease_until" | "refresh_after") {
  return sql<number>`greatest(0, coalesce(
    extract(epoch from ${sql.ref(column)} - clock_timestamp()) * 1000, 0))::float8`;
}
