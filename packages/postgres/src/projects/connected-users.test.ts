import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createChangeFeed, type DatabaseChangeFeed } from "../change-feed.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createConnectedUserStore } from "./connected-users.ts";

let database: TestDatabase;
let feed: DatabaseChangeFeed;
let users: ReturnType<typeof createConnectedUserStore>;
const projectId = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  feed = createChangeFeed(database.connectionConfig);
  await feed.ready;
  users = createConnectedUserStore(database.kysely);
  await database.kysely
    .insertInto("projects")
    .values({ id: projectId, title: "Test", sealed_data_key: Buffer.alloc(1) })
    .execute();
});
afterAll(async () => {
  await feed.stop();
  await database[Symbol.asyncDispose]();
});

const ensure = (externalId: string) => users.ensure({ id: randomUUID(), projectId, externalId });

it("makes a user once, also when many ask at the same time", async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => ensure("ada")));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
});

it("does not tell a change when a user who is there is asked for", async () => {
  const told: string[] = [];
  const unsubscribe = feed.subscribe({
    onChange: ({ table, id }) => {
      if (table === "connected_users") told.push(id);
    },
    onReset: () => {},
  });
  const grace = await ensure("grace");
  await ensure("grace");
  const last = await ensure("last");
  await expect.poll(() => told.at(-1)).toBe(last.id);
  expect(told).toEqual([grace.id, last.id]);
  unsubscribe();
});

it("merges metadata of concurrent writers without losing either", async () => {
  const { id } = await ensure("merging");
  await Promise.all([users.mergeMeta(id, { a: 1 }), users.mergeMeta(id, { b: 2 })]);
  expect((await users.find(projectId, "merging"))?.meta).toEqual({ a: 1, b: 2 });
});
