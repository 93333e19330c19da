import type { ProviderData } from "../connection.ts";

/** A connection's tokens as stored. */
export interface StoredTokens {
  connectionId: string;
  projectId: string;
  integrationId: string;
  connectorId: string;
  accountId: string;
  clientId: string;
  baseUrl: string;
  status: "VALID" | "INVALID";
  invalidReason: string | null;
  sealedTokens: Buffer;
  tokenVersion: number;
  expiresAt: Date | null;
  refreshedAt: Date;
}

/** The right to renew one connection's tokens, held by one process until it runs out. */
export interface RenewalLease {
  tokens: StoredTokens;
  holder: string;
  /** Rises with every lease of the connection: tells a late holder from the present one. */
  fence: string;
  failureCount: number;
  /**
   * How an earlier exchange of these tokens ended, if its outcome is not known: `crashed` where
   * its process did not live to note an end, `unanswered` where it noted that no answer came.
   */
  earlier: "crashed" | "unanswered" | undefined;
}

export type LeaseAnswer =
  | { kind: "taken"; lease: RenewalLease }
  | { kind: "gone" }
  | { kind: "invalid"; reason: string }
  /** Someone has renewed already. */
  | { kind: "newer"; tokens: StoredTokens }
  /** Another process is at it. */
  | { kind: "held"; remainingMs: number }
  /** The last attempts failed and the next is not due yet. */
  | { kind: "waiting"; remainingMs: number };

export interface RenewedTokens {
  sealedTokens: Buffer;
  expiresAt: Date | null;
  providerData: ProviderData;
}

/** Keeps tokens, the renewal lease and the journal of exchanges. Times are the database's. */
export interface TokenStore {
  find(connectionId: string): Promise<StoredTokens | undefined>;
  /** Takes the lease to renew what is newer than `usedVersion`, where that is due and free. */
  takeLease(request: {
    connectionId: string;
    usedVersion: number;
    holder: string;
    leaseMs: number;
  }): Promise<LeaseAnswer>;
  /** False where the lease is no longer ours. */
  extendLease(lease: RenewalLease, leaseMs: number): Promise<boolean>;
  /**
   * Notes that an exchange is about to be sent. False, and nothing noted, where the lease is no
   * longer ours or the tokens have changed.
   */
  beginExchange(lease: RenewalLease, exchangeId: string): Promise<boolean>;
  /**
   * Stores the new pair over the version that was exchanged, frees the lease, notes the outcome.
   *
   * - False where the connection is gone or has other tokens by now, nothing is stored then; also
   *   where an earlier try stored these and its answer was lost.
   * - The lease is not asked for: new tokens of a holder that is late still replace the ones they
   *   came from, also where those were called INVALID meanwhile.
   */
  finishRenewed(lease: RenewalLease, exchangeId: string, renewed: RenewedTokens): Promise<boolean>;
  /** Marks the connection INVALID. False where the lease is no longer ours. */
  finishRefused(
    lease: RenewalLease,
    exchangeId: string | undefined,
    reason: string,
  ): Promise<boolean>;
  /** Counts a failure and frees the lease; the next attempt is due after `retryAfterMs`. */
  finishFailed(
    lease: RenewalLease,
    exchangeId: string,
    failure: { outcome: "failed" | "unknown"; retryAfterMs: number },
  ): Promise<void>;
}
