import { AppError, type Connector } from "@tenon/connector";
import type { AppCredentialsSource } from "../app-credentials.ts";
import type { ChangeFeed } from "../change-feed.ts";
import type { Credential, CredentialSource } from "../credentials.ts";
import type { Log } from "../log.ts";
import type { Sealer } from "../sealing/sealer.ts";
import { connectionInvalid, connectionNotFound } from "./connection-errors.ts";
import { createCredentialCache, type HeldCredential } from "./credential-cache.ts";
import { createRenewal } from "./renewal.ts";
import { defaultTiming, type RenewalTiming } from "./renewal-context.ts";
import { toCredential } from "./token-pair.ts";
import type { StoredTokens, TokenStore } from "./token-store.ts";

/** A {@link CredentialSource} with a lifetime. */
export interface ManagedCredentialSource extends CredentialSource {
  /** Drops what is held in memory of a connection that was removed. */
  forget(connectionId: string): void;
  /**
   * Stops listening for changes, waits for exchanges under way (40 s at most), and stores what is
   * not stored yet (for 5 s at most). To be called before the database is closed.
   */
  close(): Promise<void>;
}

const earlyMs = 60_000;

/**
 * Creates the source of credentials.
 *
 * - What is in memory is used only while the change feed is live, else the database is asked.
 * - An access token whose end is known is renewed a minute before it, or in the last quarter of a
 *   shorter life. Where that fails for the moment, the token serves until it ends.
 */
export function createCredentialSource(options: {
  connectors: ReadonlyMap<string, Connector>;
  tokens: TokenStore;
  appCredentials: AppCredentialsSource;
  sealer: Sealer;
  changeFeed: ChangeFeed;
  log: Log;
  timing?: Partial<RenewalTiming>;
}): ManagedCredentialSource {
  const { tokens, sealer, changeFeed } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const renewal = createRenewal({ ...options, timing });
  const cache = createCredentialCache({ changeFeed, load });

  async function load(connectionId: string): Promise<HeldCredential> {
    const stored = await tokens.find(connectionId);
    if (stored === undefined) throw connectionNotFound(connectionId);
    if (stored.status === "INVALID") {
      throw connectionInvalid(connectionId, stored.invalidReason ?? "Connect the account again.");
    }
    const projectSealer = await sealer.forProject(stored.projectId);
    const { credential, isRenewable } = toCredential(projectSealer, stored);
    return {
      credential,
      renewAtMs: isRenewable ? renewAt(stored) : Infinity,
      expiresAtMs: stored.expiresAt?.getTime() ?? Infinity,
    };
  }

  async function renew(connectionId: string, usedVersion: number): Promise<Credential> {
    const held = cache.peek(connectionId)?.credential;
    if (held !== undefined && held.tokenVersion > usedVersion) return held;
    try {
      return await renewal.renew(connectionId, usedVersion);
    } finally {
      cache.forget(connectionId);
    }
  }

  async function readOrRenew(connectionId: string): Promise<Credential> {
    const { credential, renewAtMs, expiresAtMs } = await cache.read(connectionId);
    if (Date.now() < renewAtMs) return credential;
    try {
      return await renew(connectionId, credential.tokenVersion);
    } catch (cause) {
      const mayPass = cause instanceof AppError && cause.code === "provider_unavailable";
      if (mayPass && Date.now() < expiresAtMs) return credential;
      throw cause;
    }
  }

  return {
    get(connectionId) {
      const unstored = renewal.findUnstored(connectionId);
      if (unstored !== undefined) return unstored;
      const held = cache.peek(connectionId);
      return held !== undefined && Date.now() < held.renewAtMs
        ? held.credential
        : readOrRenew(connectionId);
    },
    renew,
    forget(connectionId) {
      cache.forget(connectionId);
      renewal.forget(connectionId);
    },
    async close() {
      cache.close();
      await renewal.close();
    },
  };
}

function renewAt({ expiresAt, refreshedAt }: StoredTokens): number {
  if (expiresAt === null) return Infinity;
  const lifeMs = expiresAt.getTime() - refreshedAt.getTime();
  return expiresAt.getTime() - Math.min(earlyMs, Math.max(0, lifeMs / 4));
}
