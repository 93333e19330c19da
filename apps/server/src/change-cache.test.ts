import type { Change, ChangeFeed } from "@tenon/connections";
import { describe, expect, it } from "vitest";
import { ChangeCache } from "./change-cache.ts";

interface Row {
  id: string;
  text: string;
}

describe("change cache", () => {
  it("loads a value once and answers it without waiting from then on", async () => {
    const { cache, load, loads } = setUp();
    expect(cache.peek("a")).toBeUndefined();
    await cache.get("a", load("a", "one"));
    await cache.get("a", load("a", "two"));
    expect(cache.peek("a")).toEqual({ id: "a", text: "one" });
    expect(loads).toEqual(["one"]);
  });

  it("drops exactly what changed", async () => {
    const { cache, feed, load } = setUp();
    await cache.get("a", load("a", "one"));
    await cache.get("b", load("b", "one"));
    feed.tell("a");
    expect(cache.peek("a")).toBeUndefined();
    expect(cache.peek("b")).toBeDefined();
  });

  it("does not keep a value that changed while it was loading", async () => {
    const { cache, feed } = setUp();
    const gate = Promise.withResolvers<Row>();
    const reading = cache.get("a", () => gate.promise);
    feed.tell("a");
    gate.resolve({ id: "a", text: "stale" });
    expect((await reading).text).toBe("stale");
    expect(cache.peek("a")).toBeUndefined();
  });

  it("does not let a reader after a change join a load from before it", async () => {
    const { cache, feed, load } = setUp();
    const gate = Promise.withResolvers<Row>();
    const before = cache.get("a", () => gate.promise);
    feed.tell("a");
    expect((await cache.get("a", load("a", "fresh"))).text).toBe("fresh");
    gate.resolve({ id: "a", text: "stale" });
    await before;
    expect(cache.peek("a")?.text).toBe("fresh");
  });

  it("uses nothing it holds while changes may be missed, and starts anew after", async () => {
    const { cache, feed, load } = setUp();
    await cache.get("a", load("a", "one"));
    feed.isLive = false;
    expect(cache.peek("a")).toBeUndefined();
    expect((await cache.get("a", load("a", "two"))).text).toBe("two");
    feed.isLive = true;
    feed.reset();
    expect(cache.peek("a")).toBeUndefined();
  });

  it("does not keep an error", async () => {
    const { cache, load } = setUp();
    await expect(cache.get("a", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
    expect((await cache.get("a", load("a", "one"))).text).toBe("one");
  });

  it("holds no more than it may, the oldest goes first", async () => {
    const { cache, load } = setUp(2);
    for (const id of ["a", "b", "c"]) await cache.get(id, load(id, "one"));
    expect([cache.peek("a"), cache.peek("b")?.id, cache.peek("c")?.id]).toEqual([
      undefined,
      "b",
      "c",
    ]);
  });
});

function setUp(maxEntries = 10) {
  const feed = createFeed();
  const loads: string[] = [];
  const cache = new ChangeCache<Row>({
    feed,
    tagOf: ({ table, id }) => (table === "rows" ? id : undefined),
    tag: (row) => row.id,
    maxEntries,
  });
  const load = (id: string, text: string) => async () => {
    loads.push(text);
    return { id, text };
  };
  return { cache, feed, load, loads };
}

/** A change feed that the test speaks through. */
function createFeed() {
  const listeners = new Set<Parameters<ChangeFeed["subscribe"]>[0]>();
  return {
    isLive: true,
    subscribe(listener: Parameters<ChangeFeed["subscribe"]>[0]) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(id: string) {
      const change: Change = { table: "rows", projectId: "p", id };
      for (const listener of listeners) listener.onChange(change);
    },
    reset() {
      for (const listener of listeners) listener.onReset();
    },
  };
}
