import type { Change, ChangeFeed } from "./change-feed.ts";

interface Options<Value> {
  feed: ChangeFeed;
  /** The tag whose entries a change makes stale; undefined: the change does not matter here. */
  tagOf(change: Change): string | undefined;
  /** The tags of a loaded value; one without a tag is not held, for nothing would drop it. */
  tags(value: Value): readonly string[];
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
  readonly #tags: (value: Value) => readonly string[];
  readonly #maxEntries: number;
  readonly #entries = new Map<string, Value>();
  readonly #keysByTag = new Map<string, Set<string>>();
  readonly #loads = new Map<string, Promise<Value>>();
  readonly #unsubscribe: () => void;

  constructor({ feed, tagOf, tags, maxEntries = 50_000 }: Options<Value>) {
    this.#feed = feed;
    this.#tags = tags;
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
    return underway ?? this.reload(key, load);
  }

  /** The value as it is now, whatever is held. */
  async reload(key: string, load: () => Promise<Value>): Promise<Value> {
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

  /** Forgets what carries a tag, ahead of the change feed: for changes of this process's own. */
  drop(tag: string): void {
    // A copy: forgetting a key takes it out of the set.
    for (const key of Array.from(this.#keysByTag.get(tag) ?? [])) this.#forget(key);
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

  #hold(key: string, value: Value): void {
    this.#forget(key);
    const tags = this.#tags(value);
    if (tags.length === 0) return;
    if (this.#entries.size >= this.#maxEntries) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#forget(oldest.value);
    }
    this.#entries.set(key, value);
    for (const tag of tags) {
      const keys = this.#keysByTag.get(tag);
      if (keys) keys.add(key);
      else this.#keysByTag.set(tag, new Set([key]));
    }
  }

  #forget(key: string): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    for (const tag of this.#tags(value)) {
      const keys = this.#keysByTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysByTag.delete(tag);
    }
  }
}
