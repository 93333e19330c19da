import { setTimeout as sleep } from "node:timers/promises";

/** Waiting time before attempt `failures + 1`: doubles from `baseMs` to `maxMs`, less up to half. */
export function backoffMs(
  failures: number,
  limits: { baseMs: number; maxMs: number },
  random: () => number = Math.random,
): number {
  const full = Math.min(limits.maxMs, limits.baseMs * 2 ** Math.min(failures, 30));
  return Math.round(full * (1 - random() / 2));
}

/**
 * Repeats `attempt` with back-off while it throws, for at most `forMs`; then the last error is
 * thrown. Only for what is harmless to repeat.
 */
export async function repeatUntilDone<T>(
  attempt: () => Promise<T>,
  options: {
    forMs: number;
    baseMs: number;
    maxMs: number;
    signal?: AbortSignal;
    onFailure?: (cause: unknown) => void;
  },
): Promise<T> {
  const startedAt = performance.now();
  for (let failures = 0; ; failures += 1) {
    try {
      return await attempt();
    } catch (cause) {
      options.onFailure?.(cause);
      const waitMs = backoffMs(failures, options);
      if (performance.now() - startedAt + waitMs > options.forMs) throw cause;
      await sleep(waitMs, undefined, { signal: options.signal });
    }
  }
}
