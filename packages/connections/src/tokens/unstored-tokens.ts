import { repeatUntilDone } from "../backoff.ts";
import type { Credential } from "../credentials.ts";
import type { Log } from "../log.ts";

const closeForMs = 5000;

/**
 * Holds renewed credentials that the database could not take yet, and repeats storing them with
 * back-off of at most a second for as long as the process lives. The secrets are in memory only:
 * a process that ends before loses them, which the journal of exchanges tells the next one.
 */
export function createUnstoredTokens({ log }: { log: Log }) {
  const kept = new Map<string, Credential>();
  const work = new Set<Promise<void>>();
  const closing = new AbortController();

  function drop(credential: Credential): void {
    if (kept.get(credential.connectionId) === credential) kept.delete(credential.connectionId);
  }

  return {
    /** Serves the credential until `save` has an answer; `onEnd` is called in any case. */
    keep(credential: Credential, save: () => Promise<boolean>, onEnd: () => void): void {
      const { connectionId } = credential;
      kept.set(connectionId, credential);
      const saving = repeatUntilDone(save, {
        forMs: Infinity,
        baseMs: 100,
        maxMs: 1000,
        signal: closing.signal,
      })
        .then(
          () => log.info({ connectionId }, "Renewed tokens no longer wait in memory"),
          (err: unknown) => log.error({ err, connectionId }, "Renewed tokens were lost"),
        )
        .finally(() => {
          drop(credential);
          onEnd();
          work.delete(saving);
        });
      work.add(saving);
    },

    find: (connectionId: string): Credential | undefined => kept.get(connectionId),

    /** Stops serving it; storing goes on. */
    forget(connectionId: string): void {
      kept.delete(connectionId);
    },

    /** Gives storing a last 5 s. */
    async close(): Promise<void> {
      const timer = setTimeout(() => closing.abort(), closeForMs);
      await Promise.all(work);
      clearTimeout(timer);
    },
  };
}

export type UnstoredTokens = ReturnType<typeof createUnstoredTokens>;
