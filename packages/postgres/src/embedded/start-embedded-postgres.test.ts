import { spawn } from "node:child_process";
import {
  appendFile,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pool } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPool } from "../create-pool.ts";
import { readServerPid, spawnHolder } from "../testing/spawn-holder.ts";
import { identifyProcess } from "./process-identity.ts";
import { runProgram } from "./run-program.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./start-embedded-postgres.ts";

/** A busy machine may take its time. */
const patiently = { timeout: 20_000 };

let prepared: string;
let dataDir: string;
let cleanUps: (() => unknown)[];

// Most tests are not about the first start: they begin with a copy of a folder made by one.
beforeAll(async () => {
  prepared = await makeFolder();
  const server = await startEmbeddedPostgres({ dataDir: prepared });
  await server.stop();
});
afterAll(async () => {
  await rm(prepared, { recursive: true, force: true });
});
beforeEach(async () => {
  const folder = await makeFolder();
  cleanUps = [() => rm(folder, { recursive: true, force: true, maxRetries: 20 })];
  await runProgram("cp", ["-a", `${prepared}/.`, folder]);
  dataDir = folder;
});
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tenon-embedded-"));
  await chmod(folder, 0o755);
  return folder;
}

/** For tests of the first start. */
function beginEmpty(): void {
  dataDir = join(dataDir, "empty");
}

async function start(onProgress: (message: string) => void = () => undefined) {
  const server = await startEmbeddedPostgres({ dataDir, onProgress });
  cleanUps.push(() => server.stop());
  return server;
}

/** A process that ends with the test at the latest, and its server with it. */
function hold(mode?: "write") {
  const holder = spawnHolder({ dataDir, ...(mode && { mode }) });
  cleanUps.push(() => holder.kill("SIGTERM"));
  return holder;
}

function connect(server: EmbeddedPostgres): Pool {
  const pool = createPool(server.connectionConfig);
  cleanUps.push(() => pool.end());
  return pool;
}

async function readIds(pool: Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>("select id from written order by id");
  return rows.map(({ id }) => id);
}

/** Kills the server and waits until another one answers. */
async function killServer(pool: Pool): Promise<void> {
  const pid = await readServerPid(dataDir);
  process.kill(pid, "SIGKILL");
  await expect.poll(() => readServerPid(dataDir), patiently).not.toBe(pid);
  await untilAnswering(pool);
}

async function untilAnswering(pool: Pool): Promise<void> {
  const answers = () =>
    pool.query("select 1").then(
      () => true,
      () => false,
    );
  await expect.poll(answers, patiently).toBe(true);
}

describe("starting and stopping", () => {
  it("makes the database once and finds its rows again at the next start", async () => {
    beginEmpty();
    const told: string[] = [];
    const first = await start((message) => told.push(message));
    const pool = createPool(first.connectionConfig);
    await pool.query("create table written (id integer)");
    await pool.query("insert into written values (1)");
    await pool.end();
    await first.stop();
    expect(told).toHaveLength(1);

    const second = await start((message) => told.push(message));
    expect(await readIds(connect(second))).toEqual([1]);
    expect(second.attached).toBe(false);
    expect(told).toHaveLength(1);
  });

  it("writes to disk before it acknowledges, and listens on no network", async () => {
    const pool = connect(await start());
    const { rows } = await pool.query(
      "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses')",
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      listen_addresses: "",
    });
  });

  it("leaves no process behind", async () => {
    const server = await start();
    const pid = await readServerPid(dataDir);
    expect(await identifyProcess(pid)).toBeDefined();
    await Promise.all([server.stop(), server.stop()]);
    expect(await identifyProcess(pid)).toBeUndefined();
  });

  it("works in a data folder whose path is too long for a Unix socket", async () => {
    dataDir = join(dataDir, ...Array.from({ length: 8 }, () => "a-folder-with-a-long-name"));
    const server = await start();
    expect(server.connectionConfig.host.length).toBeLessThan(90);
    await server.stop();
    const next = await start();
    await connect(next).query("select 1");
    expect(next.connectionString).toBe(server.connectionString);
    await next.stop();
    expect(
      await readdir(join(server.connectionConfig.host, "../..")).catch(() => []),
    ).not.toContain(server.connectionConfig.host.split("/").at(-2));
  });

  it("tells the end of the server's log when it does not start, and starts once that is mended", async () => {
    const settings = join(dataDir, "postgres/data/postgresql.conf");
    const before = await readFile(settings, "utf8");
    await appendFile(settings, "no_such_setting = 1\n");
    await expect(start()).rejects.toThrow(/no_such_setting/);
    await writeFile(settings, before);
    await connect(await start()).query("select 1");
  });

  it("refuses data of a major version that it has no programs for", async () => {
    await writeFile(join(dataDir, "postgres/data/PG_VERSION"), "13\n");
    await expect(start()).rejects.toThrow(/made by PostgreSQL 13.*DATABASE_URL/);
  });
});

describe("several processes on one data folder", () => {
  it("joins the server of another process and leaves it running", async () => {
    const owner = hold();
    await owner.ready;
    const server = await start();
    expect(server.attached).toBe(true);
    await connect(server).query("select * from written");
    const pid = await readServerPid(dataDir);
    await server.stop();
    expect(await identifyProcess(pid)).toBeDefined();
    await owner.kill("SIGTERM");
    expect(await identifyProcess(pid)).toBeUndefined();
  });

  it("has one owner however many start at once", async () => {
    beginEmpty();
    const holders = Array.from({ length: 4 }, () => hold());
    const ready = await Promise.all(holders.map((holder) => holder.ready));
    expect(ready.filter(({ attached }) => !attached)).toHaveLength(1);
    await Promise.all(holders.map((holder) => holder.kill("SIGKILL")));
    await start();
  });

  it.each(["SIGTERM", "SIGKILL"] as const)(
    "takes over from an owner that ends by %s",
    async (signal) => {
      const owner = hold();
      await owner.ready;
      const server = await start();
      const pool = connect(server);
      await pool.query("insert into written values (1)");
      await owner.kill(signal);
      await expect.poll(() => server.attached, patiently).toBe(false);
      await untilAnswering(pool);
      expect(await readIds(pool)).toEqual([1]);
    },
  );
});

describe("after kill -9", () => {
  it.each(["process", "process and server", "server and process"])(
    "of the %s has every acknowledged row",
    async (victims) => {
      const writer = hold("write");
      await writer.ready;
      await expect.poll(() => writer.written.length, patiently).toBeGreaterThan(50);
      const serverPid = await readServerPid(dataDir);
      if (victims.startsWith("server")) process.kill(serverPid, "SIGKILL");
      await writer.kill("SIGKILL");
      if (victims.endsWith("and server")) process.kill(serverPid, "SIGKILL");

      const server = await start();
      expect(server.attached).toBe(false);
      expect(await readIds(connect(server))).toEqual(expect.arrayContaining(writer.written));
      expect(await readServerPid(dataDir)).not.toBe(serverPid);
      expect(await identifyProcess(serverPid)).toBeUndefined();
    },
  );

  it("of the server alone brings it back, and the same pool works again", async () => {
    const told: string[] = [];
    const server = await start((message) => told.push(message));
    const pool = connect(server);
    await pool.query("create table written (id integer)");
    const held = await pool.connect();
    await held.query("begin");
    await held.query("insert into written values (1)");
    await pool.query("insert into written values (2)");
    await killServer(pool);
    await expect(held.query("commit")).rejects.toThrow();
    held.release();
    expect(await readIds(pool)).toEqual([2]);
    // The database answers a moment before the process that watches it says so.
    await expect.poll(() => told.at(-1), patiently).toMatch(/running again/);
  });

  it("of the server, again and again, brings it back each time", async () => {
    const pool = connect(await start());
    for (let round = 0; round < 3; round += 1) await killServer(pool);
  });

  it("of the server can be followed by a stop at any moment", async () => {
    for (const delayMs of [0, 30, 60, 120]) {
      const server = await startEmbeddedPostgres({ dataDir });
      process.kill(await readServerPid(dataDir), "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await server.stop();
      expect(await countServers()).toBe(0);
    }
  });

  it("in the middle of the first start leaves a folder that starts", async () => {
    beginEmpty();
    const holder = hold();
    const folder = join(dataDir, "postgres");
    await expect
      .poll(() => readdir(folder).catch(() => []), { ...patiently, interval: 5 })
      .toContainEqual(expect.stringMatching(/^data-draft-/));
    await holder.kill("SIGKILL");
    expect(await readdir(folder)).not.toContain("data");
    await connect(await start()).query("select 1");
    expect((await readdir(folder)).filter((name) => name.includes("draft"))).toEqual([]);
  });

  it("is not held up by a pid file that names a foreign process, which it leaves alone", async () => {
    // PostgreSQL minds only pids that it may signal: those of its own account.
    const { uid, gid } = await stat(join(dataDir, "postgres/data"));
    const foreign = spawn("sleep", ["600"], process.getuid?.() === 0 ? { uid, gid } : {});
    cleanUps.push(() => foreign.kill("SIGKILL"));
    const pidFile = [foreign.pid, join(dataDir, "postgres/data"), 1, 5432, "", "", "0 0", "ready"];
    await writeFile(join(dataDir, "postgres/data/postmaster.pid"), `${pidFile.join("\n")}\n`);
    await writeFile(join(dataDir, "postgres/run/s/.s.PGSQL.5432"), "");
    await writeFile(join(dataDir, "postgres/run/s/.s.PGSQL.5432.lock"), `${pidFile.join("\n")}\n`);
    await connect(await start()).query("select 1");
    expect(foreign.exitCode).toBeNull();
    expect(foreign.signalCode).toBeNull();
  });

  it("is not held up by the lock of a process whose pid another one has now", async () => {
    const lock = { pid: 1, identity: "of an earlier boot", state: "running" };
    await writeFile(join(dataDir, "postgres/owner.99"), JSON.stringify(lock));
    expect((await start()).attached).toBe(false);
    expect((await readdir(join(dataDir, "postgres"))).filter((n) => n.startsWith("owner"))).toEqual(
      ["owner.100"],
    );
  });
});

/** Servers that run in the data folder, told by their working directory or their arguments. */
async function countServers(): Promise<number> {
  const { output } = await runProgram("ps", ["-A", "-ww", "-o", "command="]);
  return output.split("\n").filter((line) => line.includes(join(dataDir, "postgres/data"))).length;
}
