import { setTimeout as delay } from "node:timers/promises";
import type { RunStatus } from "../run.ts";
import type { ReplyOutcome } from "./engine.ts";
import type { RunStore } from "./run-store.ts";

/** How often the database is asked about a run that is worked on elsewhere, or not yet. */
const askEveryMs = 250;

const over: ReadonlySet<RunStatus> = new Set(["succeeded", "failed", "cancelled"]);

/** Brings the answers of Response steps to those who wait for them. */
export class Replies {
  readonly #store: RunStore;
  readonly #waiting = new Map<string, Set<(outcome: ReplyOutcome) => void>>();

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** A run of this process has answered, or was left with a status. */
  tell(runId: string, outcome: ReplyOutcome): void {
    if (outcome.kind === "ended" && !over.has(outcome.status)) return;
    for (const resolve of this.#waiting.get(runId) ?? []) resolve(outcome);
  }

  /** @param isHere whether this process works on the run: then it will tell. */
  async wait(runId: string, timeoutMs: number, isHere: () => boolean): Promise<ReplyOutcome> {
    const done = new AbortController();
    const told = Promise.withResolvers<ReplyOutcome>();
    const listeners = this.#waiting.get(runId) ?? new Set();
    this.#waiting.set(runId, listeners.add(told.resolve));
    try {
      return await Promise.race([
        told.promise,
        this.#ask(runId, { isHere, signal: done.signal }),
        delay(timeoutMs, { kind: "timeout" } as const, { signal: done.signal }),
      ]);
    } finally {
      done.abort();
      listeners.delete(told.resolve);
      if (listeners.size === 0) this.#waiting.delete(runId);
    }
  }

  async #ask(
    runId: string,
    { isHere, signal }: { isHere: () => boolean; signal: AbortSignal },
  ): Promise<ReplyOutcome> {
    for (;;) {
      if (!isHere()) {
        const found = await this.#store.readReply(runId).catch(() => undefined);
        if (found?.reply !== undefined) return { kind: "reply", reply: found.reply };
        if (found !== undefined && over.has(found.status)) {
          return { kind: "ended", status: found.status };
        }
      }
      await delay(askEveryMs, undefined, { signal, ref: false });
    }
  }
}
