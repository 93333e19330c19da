import type { RateStore } from "../rate-store.ts";

/** A store for one process, for tests and benchmarks that have no database. */
export function createMemoryRateStore(): RateStore {
  const windows = new Map<string, { endsAt: number; used: number; blockedUntil: number }>();

  function open(connectionId: string, windowMs: number) {
    const now = performance.now();
    const held = windows.get(connectionId);
    if (held !== undefined && now < held.endsAt) return held;
    const fresh = { endsAt: now + windowMs, used: 0, blockedUntil: held?.blockedUntil ?? 0 };
    windows.set(connectionId, fresh);
    return fresh;
  }

  return {
    async lease(asks) {
      const now = performance.now();
      return asks.map(({ connectionId, wanted, ceiling, windowMs }) => {
        const window = open(connectionId, windowMs);
        const free = now < window.blockedUntil ? 0 : Math.max(0, ceiling - window.used);
        const granted = Math.min(wanted, free);
        window.used += granted;
        return {
          connectionId,
          granted,
          used: window.used,
          windowEndsInMs: window.endsAt - now,
          blockedForMs: Math.max(0, window.blockedUntil - now),
        };
      });
    },
    async block(connectionId, forMs) {
      const window = open(connectionId, forMs);
      window.blockedUntil = Math.max(window.blockedUntil, performance.now() + forMs);
      window.endsAt = window.blockedUntil;
    },
    async purge() {
      windows.clear();
    },
  };
}
