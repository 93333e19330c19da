import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import type { Credential } from "../credentials.ts";
import { refreshTokens } from "../oauth/oauth.ts";
import type { FailedOutcome } from "../oauth/token-outcome.ts";
import { appRefused, connectionInvalid, providerUnavailable } from "./connection-errors.ts";
import type { RenewalContext } from "./renewal-context.ts";
import { keepLease } from "./renewal-lease.ts";
import { storeRenewed } from "./store-renewed.ts";
import { openTokens } from "./token-pair.ts";
import type { RenewalLease } from "./token-store.ts";

/** A provider's Retry-After is honoured up to a quarter of an hour. */
const maxRetryAfterMs = 15 * 60_000;

/**
 * Exchanges the refresh token while holding the lease. Undefined: the tokens were changed by
 * someone else meanwhile; ask again.
 */
export async function exchangeUnderLease(
  context: RenewalContext,
  lease: RenewalLease,
): Promise<Credential | undefined> {
  const stopKeeping = keepLease(context, lease);
  try {
    return await exchange(context, lease);
  } finally {
    stopKeeping();
  }
}

async function exchange(
  context: RenewalContext,
  lease: RenewalLease,
): Promise<Credential | undefined> {
  const { connectors, tokens, appCredentials, sealer, timing } = context;
  const { connectionId, projectId, connectorId, clientId, sealedTokens } = lease.tokens;
  const projectSealer = await sealer.forProject(projectId);
  const { refreshToken } = openTokens(projectSealer, connectionId, sealedTokens);
  const title = connectors.get(connectorId)?.title ?? connectorId;
  if (refreshToken === undefined) {
    return invalidate(context, { lease, cause: `${title} no longer accepts its access token.` });
  }
  const app = await appCredentials.matching(lease.tokens);
  if (app === undefined) {
    const cause = `The ${title} app it was connected with (client id ${clientId}) is no longer set up.`;
    return invalidate(context, { lease, cause });
  }
  if (lease.earlier === "crashed") await sleep(timing.graceMs);
  const exchangeId = randomUUID();
  if (!(await tokens.beginExchange(lease, exchangeId))) return undefined;
  const outcome = await refreshTokens(app, refreshToken);
  if (outcome.kind !== "granted")
    return noteFailure(context, { lease, exchangeId, outcome, title });
  const { grant } = outcome;
  const pair = { accessToken: grant.accessToken, refreshToken: grant.refreshToken ?? refreshToken };
  return storeRenewed(context, { lease, exchangeId, app, pair, grant, projectSealer });
}

async function noteFailure(
  context: RenewalContext,
  facts: { lease: RenewalLease; exchangeId: string; outcome: FailedOutcome; title: string },
): Promise<undefined> {
  const { lease, exchangeId, outcome, title } = facts;
  if (outcome.kind === "refused" && !isAppRefused(outcome.code)) {
    const isOldToken = lease.earlier !== undefined && outcome.code === "invalid_grant";
    const cause = isOldToken
      ? `An earlier renewal was interrupted before ${title}'s new tokens were stored, and the old ones are no longer accepted.`
      : `${title} refused to renew its access: ${outcome.message}`;
    return invalidate(context, { lease, exchangeId, cause });
  }
  const { connectionId, connectorId } = lease.tokens;
  const retryAfterMs = nextAttemptMs(context, lease, outcome);
  await context.tokens.finishFailed(lease, exchangeId, {
    outcome: outcome.kind === "unknown" ? "unknown" : "failed",
    retryAfterMs,
  });
  context.log.warn({ connectionId, connectorId, outcome }, "Renewing a connection failed");
  if (outcome.kind !== "refused") {
    throw providerUnavailable(connectionId, outcome.message, retryAfterMs);
  }
  throw appRefused(title, outcome.message);
}

/**
 * The provider does not know the app or its secret (RFC 6749 §5.2). That says nothing about the
 * user's grant: once the app credentials are right again, the same tokens renew.
 */
function isAppRefused(code: string): boolean {
  return code === "invalid_client" || code === "unauthorized_client";
}

function nextAttemptMs(
  { timing: { retryBaseMs, retryMaxMs } }: RenewalContext,
  { failureCount }: RenewalLease,
  outcome: FailedOutcome,
): number {
  const ownMs = backoffMs(failureCount, { baseMs: retryBaseMs, maxMs: retryMaxMs });
  const askedMs = outcome.kind === "unavailable" ? (outcome.retryAfterMs ?? 0) : 0;
  return Math.max(ownMs, Math.min(askedMs, maxRetryAfterMs));
}

/** Marks the connection INVALID and throws that it is, unless its tokens have changed. */
async function invalidate(
  { tokens, log }: RenewalContext,
  facts: { lease: RenewalLease; exchangeId?: string; cause: string },
): Promise<undefined> {
  const { lease, exchangeId, cause } = facts;
  const { connectionId, connectorId } = lease.tokens;
  const reason = `${cause} Connect the account again.`;
  if (!(await tokens.finishRefused(lease, exchangeId, reason))) return undefined;
  log.warn({ connectionId, connectorId, reason }, "A connection became INVALID");
  throw connectionInvalid(connectionId, reason);
}
