import type { Log } from "../log.ts";
import type { Lease, LeaseAsk, RateStore } from "./rate-store.ts";

/** Takes asks from many connections and brings them to the store together. */
export interface LeaseDesk {
  /** Undefined: the store does not answer, use the local budget. Never throws. */
  ask(ask: LeaseAsk): Promise<Lease | undefined>;
}

interface Pending {
  ask: LeaseAsk;
  answer(lease: Lease | undefined): void;
}

/** Keeps one statement's locks few and short. */
const maxBatch = 200;

/**
 * Creates the desk. One statement is under way at a time; what is asked for meanwhile goes with
 * the next one, so that the database sees few statements however many connections are busy.
 *
 * - A store that fails, or does not answer in `timeoutMs`, is left alone for `retryMs`: asks are
 *   told so at once and nobody waits for it.
 * - A lease that comes after its time is lost: its permits stay unused.
 */
export function createLeaseDesk(options: {
  store: RateStore;
  timeoutMs: number;
  retryMs: number;
  log: Log | undefined;
}): LeaseDesk {
  const { store, timeoutMs, retryMs, log } = options;
  let pending: Pending[] = [];
  let isBusy = false;
  let downUntil = 0;

  async function serve(): Promise<void> {
    isBusy = true;
    // What is asked for in this turn of the event loop goes together.
    await Promise.resolve();
    while (pending.length > 0) {
      const batch = pending.splice(0, maxBatch);
      const leases = await lease(batch);
      for (const { ask, answer } of batch) answer(leases.get(ask.connectionId));
    }
    isBusy = false;
  }

  async function lease(batch: readonly Pending[]): Promise<Map<string, Lease>> {
    if (performance.now() < downUntil) return new Map();
    try {
      const asks = batch.map(({ ask }) => ask);
      const leases = await inTime(store.lease(asks), timeoutMs);
      return new Map(leases.map((one) => [one.connectionId, one]));
    } catch (cause) {
      downUntil = performance.now() + retryMs;
      log?.warn({ err: cause }, "Rate limits are kept in this process: the database is away.");
      return new Map();
    }
  }

  return {
    ask(ask) {
      return new Promise((answer) => {
        pending.push({ ask, answer });
        if (!isBusy) void serve();
      });
    },
  };
}

function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("No lease in time.")), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
