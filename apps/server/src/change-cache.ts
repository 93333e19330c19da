import type { Change, ChangeFeed } from "@tenon/connections";

interface Options<Value> {
  feed: ChangeFeed;
  /** The tag whose entries a change makes stale; undefined: the change does not matter here. */
  tagOf(change: Change): string | undefined;
  /** The tag of a loaded value. */
  tag(value: Value): string;
  maxEntries?: number;
}

/**
 * Rows held in memory, dropped when any process changes them.
 *
 * - While the change feed is down nothing held is used: every read goes to the database.
 * - A row that changes while it is being loaded is answered but not held.
 * - Concurrent loads of one key are one load; a load begun before a change is not joined after it.
 */
export class ChangeCache<Value> {
  readonly #feed: ChangeFeed;
  readonly #tag: (value: Value) => string;
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Value>();
  readonly #keysByTag = new Map<string, Set<string>>();
  readonly #loads = new Map<string, Promise<Value>>();
  readonly #unsubscribe: () => void;

  constructor({ feed, tagOf, tag, maxEntries = 50_000 }: Options<Value>) {
    this.#feed = feed;
    this.#tag = tag;
    this.#maxEntries = maxEntries;
    this.#unsubscribe = feed.subscribe({
      onChange: (change) => {
        const changed = tagOf(change);
        if (changed !== undefined) this.drop(changed);
      },
      onReset: () => this.clear(),
    });
  }

  /** The value if it is held and may be used, without any waiting. */
  peek(key: string): Value | undefined {
    return this.#feed.isLive ? this.#entries.get(key) : undefined;
  }

  /** The value, loaded where it is not held. Errors of `load` are passed on and not held. */
  async get(key: string, load: () => Promise<Value>): Promise<Value> {
    const held = this.peek(key);
    if (held !== undefined) return held;
    const underway = this.#feed.isLive ? this.#loads.get(key) : undefined;
    return underway ?? this.#load(key, load);
  }

  /** Forgets what carries a tag, ahead of the change feed: for changes of this process's own. */
  drop(tag: string): void {
    for (const key of this.#keysByTag.get(tag) ?? []) this.#entries.delete(key);
    this.#keysByTag.delete(tag);
    // Which row a load will find is not known before it ends: none of them may be held.
    this.#loads.clear();
  }

  clear(): void {
    this.#entries.clear();
    this.#keysByTag.clear();
    this.#loads.clear();
  }

  close(): void {
    this.#unsubscribe();
    this.clear();
  }

  async #load(key: string, load: () => Promise<Value>): Promise<Value> {
    const loading = load();
    this.#loads.set(key, loading);
    try {
      const value = await loading;
      // Still registered: no change came in between.
      if (this.#loads.get(key) === loading && this.#feed.isLive) this.#hold(key, value);
      return value;
    } finally {
      if (this.#loads.get(key) === loading) this.#loads.delete(key);
    }
  }

  #hold(key: string, value: Value): void {
    if (this.#entries.size >= this.#maxEntries) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#forget(oldest.value);
    }
    this.#entries.set(key, value);
    const tag = this.#tag(value);
    const keys = this.#keysByTag.get(tag);
    if (keys) keys.add(key);
    else this.#keysByTag.set(tag, new Set([key]));
  }

  #forget(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    const tag = this.#tag(value);
    const keys = this.#keysByTag.get(tag);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByTag.delete(tag);
  }
}
