import type { HousekeepingStore } from "@tenon/postgres";
import type { Logger } from "pino";

const everyMs = 60 * 60_000;
const authorizationsMs = 24 * 60 * 60_000;
const tokenExchangesMs = 30 * 24 * 60 * 60_000;

/** Removes what is past its time, at start and then hourly. docs/operate/storage.md says what. */
export function startHousekeeping(store: HousekeepingStore, log: Logger): { stop(): void } {
  const sweep = () => {
    Promise.all([
      store.purge({ authorizationsMs, tokenExchangesMs }),
      store.deleteOldRuns(),
      store.deleteOldWebhooks(),
      store.deleteOldDeliveries(),
      store.deleteOldChanges(),
    ]).catch((error: unknown) => log.warn({ err: error }, "Old rows stay until the next hour"));
  };
  sweep();
  const timer = setInterval(sweep, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
