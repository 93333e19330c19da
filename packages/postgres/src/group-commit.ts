import { setImmediate, setTimeout as delay } from "node:timers/promises";
import { isDatabaseGone } from "./is-database-gone.ts";

interface Waiting<Entry, Result> {
  entry: Entry;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * Writes what many callers want written in as few commits as there is time for: while one is under
 * way, the next collects.
 *
 * - Entries are written in the order in which they were added.
 * - While the database is away, the same batch is tried again until {@link close}, or as long as
 *   `patienceMs`: then all that waits fails. So `flush` must bear being repeated: the commit of the
 *   try before may have arrived.
 * - A batch that the database refuses is written entry by entry, so that one bad entry fails alone.
 */
export class GroupCommit<Entry, Result> {
  readonly #flush: (entries: Entry[], isRepeat: boolean) => Promise<Result[]>;
  readonly #maxBatch: number;
  readonly #patienceMs: number;
  readonly #stopping = new AbortController();
  #waiting: Waiting<Entry, Result>[] = [];
  #running: Promise<void> | undefined;

  /** @param flush answers one result per entry, in their order. */
  constructor(
    flush: (entries: Entry[], isRepeat: boolean) => Promise<Result[]>,
    { maxBatch = 500, patienceMs = Infinity } = {},
  ) {
    this.#flush = flush;
    this.#maxBatch = maxBatch;
    this.#patienceMs = patienceMs;
  }

  add(entry: Entry): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Waits for what was added; gives up on a database that is away. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is added in the same turn of the event loop goes into the same commit: how a step ended,
    // and that the next begins.
    await setImmediate();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#maxBatch);
      await this.#write(batch);
    }
    this.#running = undefined;
  }

  async #write(batch: Waiting<Entry, Result>[]): Promise<void> {
    try {
      const results = await this.#persist(batch.map((one) => one.entry));
      batch.forEach((one, index) => one.resolve(results[index] as Result));
    } catch (error) {
      const [first] = batch;
      if (isDatabaseGone(error)) {
        for (const one of [...batch, ...this.#waiting.splice(0)]) one.reject(error);
      } else if (batch.length === 1) {
        first?.reject(error);
      } else if (first !== undefined) {
        for (const one of batch) await this.#write([one]);
      }
    }
  }

  async #persist(entries: Entry[]): Promise<Result[]> {
    const startedAt = performance.now();
    for (let pauseMs = 0; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2 || firstPauseMs)) {
      try {
        return await this.#flush(entries, pauseMs > 0);
      } catch (error) {
        const isOver = performance.now() - startedAt >= this.#patienceMs;
        if (!isDatabaseGone(error) || isOver || this.#stopping.signal.aborted) throw error;
      }
      await delay(pauseMs || firstPauseMs, undefined, { signal: this.#stopping.signal }).catch(
        () => undefined,
      );
    }
  }
}
