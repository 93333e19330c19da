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
  wait(runId: string, timeoutMs: number, isHere: () => boolean): Promise<ReplyOutcome> {
    const { promise, resolve } = Promise.withResolvers<ReplyOutcome>();
    const listeners = this.#waiting.get(runId) ?? new Set();
    this.#waiting.set(runId, listeners.add(resolve));
    const look = () => {
      if (!isHere()) void this.#ask(runId).then((outcome) => outcome && resolve(outcome));
    };
    const timeout = setTimeout(() => resolve({ kind: "timeout" }), timeoutMs);
    const looking = setInterval(look, askEveryMs);
    look();
    return promise.finally(() => {
      clearTimeout(timeout);
      clearInterval(looking);
      listeners.delete(resolve);
      if (listeners.size === 0) this.#waiting.delete(runId);
    });
  }

  /** Undefined where there is no answer yet, or the database is away for a moment. */
  async #ask(runId: string): Promise<ReplyOutcome | undefined> {
    const found = await this.#store.readReply(runId).catch(() => undefined);
    if (found?.reply !== undefined) return { kind: "reply", reply: found.reply };
    return found !== undefined && over.has(found.status)
      ? { kind: "ended", status: found.status }
      : undefined;
  }
}
