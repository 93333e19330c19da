import type { Log } from "./log.ts";

/** Work that nobody waits for, until the process ends in order. */
export interface BackgroundWork {
  /** Failures are logged with `facts`, never thrown. */
  start(facts: object, work: () => Promise<void>): void;
  /** Waits for all that was started. */
  close(): Promise<void>;
}

export function createBackgroundWork(log: Log): BackgroundWork {
  const running = new Set<Promise<void>>();
  return {
    start(facts, work) {
      const run = work()
        .catch((err: unknown) => log.warn({ err, ...facts }, "Background work failed"))
        .finally(() => running.delete(run));
      running.add(run);
    },
    async close() {
      await Promise.all(running);
    },
  };
}
