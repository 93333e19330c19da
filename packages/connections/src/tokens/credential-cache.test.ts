import { beforeEach, expect, test } from "vitest";
import type { ChangeFeed } from "../change-feed.ts";
import { createCredentialCache, type HeldCredential } from "./credential-cache.ts";

type Listener = Parameters<ChangeFeed["subscribe"]>[0];

class ManualFeed implements ChangeFeed {
  isLive = true;
  readonly #listeners = new Set<Listener>();

  subscribe(listener: Listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  change(id: string) {
    for (const it of this.#listeners) it.onChange({ table: "connections", projectId: "p", id });
  }
  reset() {
    for (const it of this.#listeners) it.onReset();
  }
}

let feed: ManualFeed;
let version: number;
let reads: PromiseWithResolvers<void>[];
let cache: ReturnType<typeof createCredentialCache>;

beforeEach(() => {
  feed = new ManualFeed();
  version = 1;
  reads = [];
  cache = createCredentialCache({ changeFeed: feed, load });
});

/** Reads the present version, and answers when the test lets it. */
async function load(connectionId: string): Promise<HeldCredential> {
  const credential = { connectionId, accessToken: "t", tokenVersion: version, baseUrl: "" };
  const gate = Promise.withResolvers<void>();
  reads.push(gate);
  await gate.promise;
  return { credential, renewAtMs: Infinity, expiresAtMs: Infinity };
}

async function read() {
  const work = cache.read("c");
  reads.at(-1)?.resolve();
  return (await work).credential.tokenVersion;
}

test("a credential is read once and then held", async () => {
  expect(await read()).toBe(1);
  version = 2;
  expect(await read()).toBe(1);
  expect(cache.peek("c")?.credential.tokenVersion).toBe(1);
  expect(reads).toHaveLength(1);
});

test("callers at the same time share one read", async () => {
  const both = [cache.read("c"), cache.read("c")];
  reads[0]?.resolve();
  await Promise.all(both);
  expect(reads).toHaveLength(1);
});

test.each([
  ["a change of the connection", () => feed.change("c")],
  ["a reset of the feed", () => feed.reset()],
  ["being told to forget it", () => cache.forget("c")],
])("%s drops it", async (_, drop) => {
  await read();
  version = 2;
  drop();
  expect(cache.peek("c")).toBeUndefined();
  expect(await read()).toBe(2);
});

test("a change of another connection does not drop it", async () => {
  await read();
  feed.change("d");
  expect(cache.peek("c")).toBeDefined();
});

test("what was being read while a change arrived is not held, nor joined by later callers", async () => {
  const before = cache.read("c");
  version = 2;
  feed.change("c");
  const after = cache.read("c");
  for (const gate of reads) gate.resolve();
  expect((await before).credential.tokenVersion).toBe(1);
  expect((await after).credential.tokenVersion).toBe(2);
  expect(cache.peek("c")?.credential.tokenVersion).toBe(2);
});

test("while the feed is not live nothing held is used and nothing read is held", async () => {
  await read();
  version = 2;
  feed.isLive = false;
  expect(cache.peek("c")).toBeUndefined();
  expect(await read()).toBe(2);
  version = 3;
  expect(await read()).toBe(3);
});

test("a read that fails is tried again by the next caller", async () => {
  const work = cache.read("c");
  reads[0]?.reject(new Error("no database"));
  await expect(work).rejects.toThrow("no database");
  expect(await read()).toBe(1);
});
