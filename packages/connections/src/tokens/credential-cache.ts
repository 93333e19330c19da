import type { ChangeFeed } from "../change-feed.ts";
import type { Credential } from "../credentials.ts";

/** A credential in memory. */
export interface HeldCredential {
  credential: Credential;
  /** From then on it should be renewed before it is used; Infinity where no end is known. */
  renewAtMs: number;
  expiresAtMs: number;
}

const maxEntries = 50_000;

/**
 * Holds credentials in memory.
 *
 * - Used only while the change feed is live; a change of the connection drops it, a reset all.
 * - What was being read while a change arrived answers those who asked before, and is not kept.
 * - Beyond 50,000 the one longest in memory goes.
 */
export function createCredentialCache(options: {
  changeFeed: ChangeFeed;
  load: (connectionId: string) => Promise<HeldCredential>;
}) {
  const { changeFeed, load } = options;
  const held = new Map<string, HeldCredential>();
  const loading = new Map<string, Promise<HeldCredential>>();

  function forget(connectionId: string): void {
    held.delete(connectionId);
    loading.delete(connectionId);
  }

  const unsubscribe = changeFeed.subscribe({
    onChange({ table, id }) {
      if (table === "connections") forget(id);
    },
    onReset() {
      held.clear();
      loading.clear();
    },
  });

  function keep(connectionId: string, credential: HeldCredential): void {
    held.set(connectionId, credential);
    if (held.size <= maxEntries) return;
    for (const oldest of held.keys()) {
      held.delete(oldest);
      break;
    }
  }

  function startLoading(connectionId: string): Promise<HeldCredential> {
    const work = load(connectionId).then(
      (credential) => {
        const isCurrent = loading.get(connectionId) === work;
        if (isCurrent) loading.delete(connectionId);
        if (isCurrent && changeFeed.isLive) keep(connectionId, credential);
        return credential;
      },
      (cause: unknown) => {
        if (loading.get(connectionId) === work) loading.delete(connectionId);
        throw cause;
      },
    );
    loading.set(connectionId, work);
    return work;
  }

  function peek(connectionId: string): HeldCredential | undefined {
    return changeFeed.isLive ? held.get(connectionId) : undefined;
  }

  return {
    peek,
    async read(connectionId: string): Promise<HeldCredential> {
      if (!changeFeed.isLive) return load(connectionId);
      return held.get(connectionId) ?? loading.get(connectionId) ?? startLoading(connectionId);
    },
    forget,
    close() {
      unsubscribe();
      held.clear();
      loading.clear();
    },
  };
}
