import type { Log } from "../log.ts";
import { Budget } from "./budget.ts";
import { createLeaseDesk } from "./lease-desk.ts";
import type { Limiter, RateLimit } from "./limiter.ts";
import type { RateStore } from "./rate-store.ts";

export interface LimiterOptions {
  store: RateStore;
  /**
   * How many processes are taken to share a limit while the store is away: each uses the limit
   * divided by this. Default 4.
   */
  assumedProcesses?: number;
  /** A store that has not answered in this time is taken to be away. Default 1 s. */
  leaseTimeoutMs?: number;
  /** A store that was away is asked again after this time. Default 1 s. */
  retryMs?: number;
  log?: Log;
}

const sweepEveryMs = 30_000;
const purgeEveryMs = 3_600_000;
/** However long a provider asks for; after that it may say so again. */
const maxBlockMs = 3_600_000;

/**
 * Creates the limiter: one budget per connection in fixed windows, shared by all processes.
 *
 * - A process leases a chunk of permits, a twentieth of the window, and asks for the next one
 *   before it has used them up: most calls take their permit from memory.
 * - Every permit has its number in the window. A workflow's call gets none beyond nine tenths of
 *   the limit, a backfill's none beyond six tenths: the rest is kept for people who wait.
 * - Permits that a process leased and did not use are lost when the window ends.
 * - A block (Retry-After) is known at once in the process that was told it, and in the others with
 *   their next lease; until then each may send what it has leased. The window starts anew when the
 *   block ends, and with that in step with the provider's.
 *   A block lasts an hour at most.
 * - While the store is away, each process works with its blind share of the limit. Nobody is
 *   refused for that reason alone.
 * - What is idle is forgotten, so that memory follows the connections in use.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { store, assumedProcesses = 4, leaseTimeoutMs = 1_000, retryMs = 1_000, log } = options;
  const desk = createLeaseDesk({ store, timeoutMs: leaseTimeoutMs, retryMs, log });
  const budgets = new Map<string, Budget>();

  function open(connectionId: string, limit: RateLimit): Budget {
    const budget = new Budget({ connectionId, limit, desk, assumedProcesses, retryMs });
    budgets.set(connectionId, budget);
    return budget;
  }

  const sweep = setInterval(() => {
    const now = performance.now();
    for (const [connectionId, budget] of budgets) {
      if (budget.isIdle(now)) budgets.delete(connectionId);
    }
  }, sweepEveryMs).unref();

  const purge = setInterval(() => {
    store.purge().catch((err: unknown) => log?.warn({ err }, "Old rate windows stay for now."));
  }, purgeEveryMs).unref();

  return {
    take(connectionId, limit, ask) {
      return (budgets.get(connectionId) ?? open(connectionId, limit)).take(ask);
    },
    block(connectionId, limit, askedMs) {
      const forMs = Math.min(askedMs, maxBlockMs);
      (budgets.get(connectionId) ?? open(connectionId, limit)).block(forMs);
      store
        .block(connectionId, forMs)
        .catch((err: unknown) => log?.warn({ err }, "Other processes do not know of a block yet."));
    },
    get size() {
      return budgets.size;
    },
    close() {
      clearInterval(sweep);
      clearInterval(purge);
      for (const budget of budgets.values()) budget.close();
      budgets.clear();
    },
  };
}
