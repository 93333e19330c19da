import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Credential } from "../credentials.ts";
import { connectionInvalid, connectionNotFound, providerUnavailable } from "./connection-errors.ts";
import { exchangeUnderLease } from "./refresh-exchange.ts";
import type { RenewalContext } from "./renewal-context.ts";
import { toCredential } from "./token-pair.ts";
import type { LeaseAnswer, StoredTokens } from "./token-store.ts";
import { createUnstoredTokens } from "./unstored-tokens.ts";

/**
 * Renews tokens, once for all who ask.
 *
 * - In this process, callers for one connection share one renewal. Across processes, one takes a
 *   lease in the database and extends it while it lives; the others wait for what it stores.
 * - The exchange is noted before it is sent. A process that dies before that note has changed
 *   nothing: the next one renews.
 * - A process that dies after the note may have made the provider rotate the tokens. The next one
 *   gives it a moment, then tries the old refresh token once. Accepted: nothing was lost. Refused:
 *   the connection becomes INVALID and says that an interrupted renewal was the cause.
 * - The same where the answer was lost: the note says so, callers get `provider_unavailable`, and
 *   the old token is tried when the next attempt is due, not at once.
 * - A process that dies after storing has stored: the others find the new version.
 * - New tokens are stored only over the version they were exchanged from. A holder that is late
 *   still stores; it can not overwrite tokens that are newer, nor mark them INVALID.
 * - Where the database is gone at that moment, the new tokens serve from memory and storing them
 *   is repeated as long as this process lives.
 * - Where the connection is gone or holds another account by then, the new tokens are revoked.
 * - A refusal for good marks the connection INVALID. Any other failure is counted, and the next
 *   attempt of any process is due after a back-off, or after the provider's Retry-After.
 */
export function createRenewal(options: Omit<RenewalContext, "unstored">) {
  const context = { ...options, unstored: createUnstoredTokens(options) };
  const { unstored, timing } = context;
  const holder = randomUUID();
  const closing = new AbortController();
  const flights = new Map<string, Promise<Credential>>();

  function start(connectionId: string, usedVersion: number): Promise<Credential> {
    const request = { connectionId, usedVersion, holder, signal: closing.signal };
    const flight = renewOnce(context, request).finally(() => flights.delete(connectionId));
    flights.set(connectionId, flight);
    return flight;
  }

  return {
    async renew(connectionId: string, usedVersion: number): Promise<Credential> {
      for (;;) {
        const kept = unstored.find(connectionId);
        if (kept !== undefined && kept.tokenVersion <= usedVersion) {
          const reason = "its last tokens could not be stored yet.";
          throw providerUnavailable(connectionId, reason, timing.retryBaseMs);
        }
        const newer =
          kept ?? (await (flights.get(connectionId) ?? start(connectionId, usedVersion)));
        if (newer.tokenVersion > usedVersion) return newer;
      }
    },
    /** A credential that is newer than the database's. */
    findUnstored: unstored.find,
    /** Stops serving it from memory. */
    forget: unstored.forget,
    /** Starts no exchange any more and waits for those under way: only they have the new tokens. */
    async close(): Promise<void> {
      closing.abort();
      await Promise.allSettled(flights.values());
      await unstored.close();
    },
  };
}

interface RenewalRequest {
  connectionId: string;
  usedVersion: number;
  holder: string;
  /** Tenon is stopping. */
  signal: AbortSignal;
}

/** Asks for the lease until there is something newer, or a reason why not. */
async function renewOnce(
  context: RenewalContext,
  { signal, ...request }: RenewalRequest,
): Promise<Credential> {
  const { tokens, timing } = context;
  const { connectionId } = request;
  const startedAt = performance.now();
  while (!signal.aborted) {
    const answer = await tokens.takeLease({ ...request, leaseMs: timing.leaseMs });
    const newer = await actOn(context, connectionId, answer);
    if (newer !== undefined) return newer;
    if (performance.now() - startedAt > timing.waitMs) {
      const reason = "another process is at it and has not finished.";
      throw providerUnavailable(connectionId, reason, timing.leaseMs);
    }
  }
  throw providerUnavailable(connectionId, "Tenon is stopping.", timing.retryBaseMs);
}

/** Undefined: ask again. */
async function actOn(
  context: RenewalContext,
  connectionId: string,
  answer: LeaseAnswer,
): Promise<Credential | undefined> {
  switch (answer.kind) {
    case "taken":
      return exchangeUnderLease(context, answer.lease);
    case "newer":
      return readCredential(context, answer.tokens);
    case "held":
      await sleep(Math.min(context.timing.pollMs, answer.remainingMs));
      return undefined;
    case "waiting":
      throw providerUnavailable(connectionId, "recent attempts failed.", answer.remainingMs);
    case "invalid":
      throw connectionInvalid(connectionId, answer.reason);
    case "gone":
      throw connectionNotFound(connectionId);
    default:
      return answer satisfies never;
  }
}

async function readCredential(
  { sealer }: RenewalContext,
  stored: StoredTokens,
): Promise<Credential> {
  return toCredential(await sealer.forProject(stored.projectId), stored).credential;
}
