import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@tenon/connections";
import type { Settler } from "./settler.ts";

const everyMs = 30_000;
/** Who died has left nothing behind for longer than its heirs take to look. */
const lateMs = 10 * 60_000;
/** All are looked at, at first and then so often. */
const allEveryMs = 60 * 60_000;

/** Settles what processes that died have left, until it is closed. */
export function startSweeping(settler: Settler, log: Log): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;

  async function run(): Promise<void> {
    let allAt = 0;
    while (!signal.aborted) {
      const isForAll = Date.now() >= allAt;
      try {
        await settler.sweep({ changedWithinMs: isForAll ? undefined : lateMs, signal });
        if (isForAll) allAt = Date.now() + allEveryMs;
      } catch (err) {
        log.warn({ err }, "Configurations are settled with a later sweep");
      }
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
