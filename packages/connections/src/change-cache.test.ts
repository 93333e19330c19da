import type { Change, ChangeFeed } from "./change-feed.ts";
import { expect, test } from "vitest";
import { ChangeCache } from "./change-cache.ts";

type Listener = Parameters<ChangeFeed["subscribe"]>[0];

function createFeed() {
  const listeners = new Set<Listener>();
  return {
    isLive: true,
    subscribe(listener: Listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: (id: string) =>
      listeners.forEach((one) => one.onChange({ table: "rows", projectId: "p", id })),
    reset: () => listeners.forEach((one) => one.onReset()),
    listeners,
  };
}

function createCache(feed: ReturnType<typeof createFeed>, maxEntries?: number) {
  return new ChangeCache<readonly string[]>({
    feed,
    tagOf: ({ table, id }: Change) => (table === "rows" ? id : undefined),
    tags: (value) => value,
    ...(maxEntries !== undefined && { maxEntries }),
  });
}

test("a value goes when anything it is made of changes", async () => {
  const feed = createFeed();
  const cache = createCache(feed);
  await cache.get("one", async () => ["a", "b"]);
  await cache.get("two", async () => ["c"]);
  feed.change("b");
  expect([cache.peek("one"), cache.peek("two")]).toEqual([undefined, ["c"]]);
  feed.reset();
  expect(cache.peek("two")).toBeUndefined();
  cache.close();
  expect(feed.listeners.size).toBe(0);
});

test("a value made of nothing is not held: nothing would drop it", async () => {
  const cache = createCache(createFeed());
  expect(await cache.get("none", async () => [])).toEqual([]);
  expect(cache.peek("none")).toBeUndefined();
});

test("a value that changes while it is loaded is answered and not held", async () => {
  const feed = createFeed();
  const cache = createCache(feed);
  const loading = Promise.withResolvers<string[]>();
  const got = cache.get("one", () => loading.promise);
  feed.change("a");
  const again = cache.get("one", async () => ["a", "new"]);
  loading.resolve(["a", "old"]);
  expect(await got).toEqual(["a", "old"]);
  expect(await again).toEqual(["a", "new"]);
  expect(cache.peek("one")).toEqual(["a", "new"]);
});

test("while the feed is down nothing held is used", async () => {
  const feed = createFeed();
  const cache = createCache(feed);
  await cache.get("one", async () => ["a"]);
  feed.isLive = false;
  expect(cache.peek("one")).toBeUndefined();
  expect(await cache.get("one", async () => ["b"])).toEqual(["b"]);
  feed.isLive = true;
  expect(cache.peek("one")).toEqual(["a"]);
});

test("concurrent loads are one, a reload is always another, and the oldest goes first", async () => {
  const cache = createCache(createFeed(), 2);
  let loads = 0;
  const load = async () => [`value ${(loads += 1)}`];
  await Promise.all([cache.get("one", load), cache.get("one", load)]);
  expect(loads).toBe(1);
  await cache.reload("one", load);
  expect(cache.peek("one")).toEqual(["value 2"]);
  await cache.get("two", load);
  await cache.get("three", load);
  expect([cache.peek("one"), cache.peek("three")]).toEqual([undefined, ["value 4"]]);
});
