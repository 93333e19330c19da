import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Change } from "@tenon/connections";
import type { ClientConfig, Pool } from "pg";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { createChangeFeed } from "./change-feed.ts";
import { createPool } from "./create-pool.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { readServerPid } from "./testing/spawn-holder.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

/** A busy machine may take its time. */
const patiently = { timeout: 20_000 };

const projectId = "00000000-0000-4000-8000-000000000001";
const userId = "00000000-0000-4000-8000-000000000002";

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

function follow(config: ClientConfig) {
  const feed = createChangeFeed(config);
  onTestFinished(() => feed.stop());
  const changes: Change[] = [];
  const resets: boolean[] = [];
  const unsubscribe = feed.subscribe({
    onChange: (change) => changes.push(change),
    onReset: () => resets.push(feed.isLive),
  });
  return { feed, changes, resets, unsubscribe };
}

async function insertProject(pool: Pool): Promise<void> {
  await pool.query("insert into projects (id, title, sealed_data_key) values ($1, 'A', '')", [
    projectId,
  ]);
}

it("tells inserts, updates and deletes made by any connection, after they are committed", async () => {
  const { feed, changes, resets } = follow(database.connectionConfig);
  expect(feed.isLive).toBe(false);
  await feed.ready;
  expect(feed.isLive).toBe(true);
  expect(resets).toEqual([true]);

  await insertProject(database.pool);
  const other = createPool({ connectionString: database.connectionString });
  onTestFinished(() => other.end());
  await other.query(
    "insert into connected_users (id, project_id, external_id) values ($1, $2, 'someone')",
    [userId, projectId],
  );
  await other.query("update connected_users set meta = '{}'");
  await other.query("begin; delete from connected_users; rollback");
  await other.query("delete from connected_users");

  const user = { table: "connected_users", projectId, id: userId };
  const expected = [{ table: "projects", projectId, id: projectId }, user, user, user];
  await expect.poll(() => changes, patiently).toEqual(expected);
});

it("tells a row that is of no project", async () => {
  const { feed, changes } = follow(database.connectionConfig);
  await feed.ready;
  await database.pool.query(
    "insert into api_keys (id, title, key_hash, key_end) values ($1, 'A', '', '')",
    [userId],
  );
  await expect
    .poll(() => changes, patiently)
    .toEqual([{ table: "api_keys", projectId: "", id: userId }]);
});

it("tells nothing to those who have unsubscribed", async () => {
  const { feed, changes, unsubscribe } = follow(database.connectionConfig);
  const other: Change[] = [];
  feed.subscribe({ onChange: (change) => other.push(change), onReset: () => undefined });
  await feed.ready;
  unsubscribe();
  await insertProject(database.pool);
  await expect.poll(() => other, patiently).toHaveLength(1);
  expect(changes).toEqual([]);
});

it("begins anew when its connection is ended", async () => {
  const { feed, changes, resets } = follow(database.connectionConfig);
  await feed.ready;
  await database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tenon change feed' and datname = current_database()",
  );
  await expect.poll(() => resets, patiently).toEqual([true, true]);
  await insertProject(database.pool);
  await expect.poll(() => changes, patiently).toHaveLength(1);
});

it("begins anew when the server was killed and came back", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-feed-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const own = await openDatabase({ dataDir });
  onTestFinished(() => own.stop());
  await migrate(own.kysely);
  const { feed, changes, resets } = follow(own.connectionConfig);
  await feed.ready;
  process.kill(await readServerPid(dataDir), "SIGKILL");
  await expect.poll(() => resets, patiently).toEqual([true, true]);
  await insertProject(own.pool);
  await expect.poll(() => changes, patiently).toHaveLength(1);
});

it("is not live while its connection is silently dead", async () => {
  const link = await createFreezableLink(database.connectionConfig.host);
  const config = { ...database.connectionConfig, host: "127.0.0.1", port: link.port };
  const { feed, resets } = follow(config);
  await feed.ready;
  link.freeze();
  await expect.poll(() => feed.isLive, patiently).toBe(false);
  expect(resets).toHaveLength(1);
  link.unfreeze();
  await expect.poll(() => feed.isLive, patiently).toBe(true);
  expect(resets).toEqual([true, true]);
});

it("stops at once when it never reached a server", async () => {
  const feed = createChangeFeed({ host: join(tmpdir(), "no-such-folder") });
  await feed.stop();
  await expect(feed.ready).rejects.toThrow(/stopped/);
  expect(feed.isLive).toBe(false);
});

/** A TCP door to the server's socket that can stop passing anything on, without closing. */
async function createFreezableLink(socketFolder: string) {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server = createServer((outer) => {
    const inner = connect(join(socketFolder, ".s.PGSQL.5432"));
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => to.destroy());
      from.on("data", (data) => {
        if (!isFrozen) to.write(data);
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return {
    port: address.port,
    freeze: () => void (isFrozen = true),
    unfreeze: () => void (isFrozen = false),
  };
}
