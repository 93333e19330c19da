import type { Connector } from "@tenon/connector";
import type { AppCredentialsSource } from "../app-credentials.ts";
import type { Log } from "../log.ts";
import type { Sealer } from "../sealing/sealer.ts";
import type { TokenStore } from "./token-store.ts";
import type { UnstoredTokens } from "./unstored-tokens.ts";

/** Durations of renewal; the defaults serve production. */
export interface RenewalTiming {
  /** How long others wait for a process that died while renewing. */
  leaseMs: number;
  /** How often those who wait for another process look. */
  pollMs: number;
  /** How long a caller waits for another process at most. */
  waitMs: number;
  /** How long a new holder lets a late one store its tokens before it tries the old ones. */
  graceMs: number;
  /** Between failed attempts: doubling from `retryBaseMs` to `retryMaxMs`. */
  retryBaseMs: number;
  retryMaxMs: number;
}

export const defaultTiming: RenewalTiming = {
  leaseMs: 10_000,
  pollMs: 100,
  waitMs: 60_000,
  graceMs: 2000,
  retryBaseMs: 1000,
  retryMaxMs: 60_000,
};

/** What every part of renewal works with. */
export interface RenewalContext {
  connectors: ReadonlyMap<string, Connector>;
  tokens: TokenStore;
  appCredentials: AppCredentialsSource;
  sealer: Sealer;
  log: Log;
  timing: RenewalTiming;
  unstored: UnstoredTokens;
}
