import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RunStatus } from "@tenon/runtime";
import { type Kysely, sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrate } from "../migrate.ts";
import { openDatabase } from "../open-database.ts";
import type { Database } from "../tables.ts";
import { readServerPid } from "../testing/spawn-holder.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import type { StartOrder } from "./testing/engine-process.ts";
import { EngineProcesses } from "./testing/engine-processes.ts";
import { createTestProject } from "./testing/engine-rig.ts";
import { mixedWorkflows, writesOf } from "./testing/mixed-workflows.ts";

const runs = 1_000;
const workflows = mixedWorkflows().size;

let receiver: Server;
/** How often each write arrived, by its idempotency key. */
let arrived: Map<string, number>;
let receiverUrl: string;

beforeEach(async () => {
  arrived = new Map();
  receiver = createServer((request, response) => {
    request.resume().on("end", () => {
      // One in twenty is told to come back later: it has not happened.
      if (Math.random() < 0.05) return void response.writeHead(429).end();
      const key = String(request.headers["idempotency-key"]);
      arrived.set(key, (arrived.get(key) ?? 0) + 1);
      setTimeout(() => response.end("done"), Math.random() * 15);
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
});
afterEach(() => {
  receiver.closeAllConnections();
  receiver.close();
});

interface Ended {
  id: string;
  status: RunStatus;
  code: string | null;
  /** How often it was claimed. */
  fence: number;
}

async function readEnded(db: Kysely<Database>): Promise<Ended[]> {
  const { rows } = await sql<Ended>`
    select id, status, error::json ->> 'code' as code, fence from runs
  `.execute(db);
  return rows;
}

/** Starts runs one after another, several at a time. */
function startRuns(processes: EngineProcesses) {
  const acknowledged: StartOrder[] = [];
  let next = 0;
  const startSome = async () => {
    while (next < runs) {
      const workflow = next % workflows;
      next += 1;
      const start = { id: randomUUID(), workflow };
      await processes.startRun(start);
      acknowledged.push(start);
    }
  };
  return { all: Promise.all(Array.from({ length: 16 }, startSome)), acknowledged };
}

async function untilAllEnded(db: Kysely<Database>): Promise<Ended[]> {
  const over = ["succeeded", "failed", "cancelled"];
  await expect
    .poll(
      async () => {
        const ended = await readEnded(db).catch(() => []);
        return ended.length > 0 && ended.every((run) => over.includes(run.status));
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(true);
  return readEnded(db);
}

/** What holds whatever was killed. */
function checkPromises(acknowledged: readonly StartOrder[], ended: readonly Ended[]): void {
  expect(acknowledged).toHaveLength(runs);
  const byId = new Map(ended.map((run) => [run.id, run]));
  expect(acknowledged.filter(({ id }) => !byId.has(id))).toEqual([]);
  expect([...arrived].filter(([, times]) => times > 1)).toEqual([]);
  // A run that did not succeed says that nobody knows what became of a write.
  const failed = ended.filter((run) => run.status !== "succeeded");
  expect(failed.filter((run) => run.code !== "outcome_unknown")).toEqual([]);
  const sent = Map.groupBy(arrived.keys(), (key) => key.slice(0, 36));
  const wrong = acknowledged.filter(
    ({ id, workflow }) =>
      byId.get(id)?.status === "succeeded" && sent.get(id)?.length !== writesOf[workflow],
  );
  expect(wrong).toEqual([]);
}

/** Something was under way when a process was killed, or nothing was shown. */
function expectTakenOver(ended: readonly Ended[]): void {
  expect(ended.filter((run) => run.fence > 1).length).toBeGreaterThan(0);
}

test("1,000 runs on a process that is killed again and again all end, and no write is doubled", async () => {
  await using database = await createTestDatabase();
  const { projectId } = await createTestProject(database);
  const order = { connectionConfig: database.connectionConfig, projectId, receiverUrl };
  const processes = new EngineProcesses(order, 1);
  try {
    await processes.startAll();
    const { all, acknowledged } = startRuns(processes);
    for (let kills = 0; acknowledged.length < runs || kills < 4; kills += 1) {
      await delay(200 + Math.random() * 800);
      await processes.kill(0);
      await processes.revive(0);
    }
    await all;
    const ended = await untilAllEnded(database.kysely);
    checkPromises(acknowledged, ended);
    expectTakenOver(ended);
  } finally {
    await processes.stop();
  }
}, 180_000);

test("where one of two processes is killed, its runs go on in the other within 10 seconds", async () => {
  await using database = await createTestDatabase();
  const { projectId } = await createTestProject(database);
  const order = { connectionConfig: database.connectionConfig, projectId, receiverUrl };
  const processes = new EngineProcesses(order, 2);
  try {
    await processes.startAll();
    const { all, acknowledged } = startRuns(processes);
    await delay(500);
    await processes.kill(0);
    // Nothing is left to the one that died.
    const abandoned = async () => {
      const { rows } = await sql<{ workers: string; runs: string }>`
        select (select count(*) from workers) as workers,
          (select count(*) from runs where status = 'running'
            and worker_id not in (select id from workers)) as runs
      `.execute(database.kysely);
      return rows[0];
    };
    await expect.poll(abandoned, { timeout: 10_000 }).toEqual({ workers: "1", runs: "0" });
    await all;
    const ended = await untilAllEnded(database.kysely);
    checkPromises(acknowledged, ended);
    expectTakenOver(ended);
  } finally {
    await processes.stop();
  }
}, 180_000);

test("PostgreSQL killed in the middle loses no run and doubles no write", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-crash-"));
  await chmod(dataDir, 0o755);
  const database = await openDatabase({ dataDir });
  await migrate(database.kysely);
  const { projectId } = await createTestProject(database);
  const order = { connectionConfig: database.connectionConfig as never, projectId, receiverUrl };
  const processes = new EngineProcesses(order, 1);
  try {
    await processes.startAll();
    const { all, acknowledged } = startRuns(processes);
    const killed = new Set<number>();
    while (killed.size < 3) {
      await delay(500);
      // There is no pid while the server starts again.
      const pid = await readServerPid(dataDir).catch(() => undefined);
      if (pid === undefined || killed.has(pid)) continue;
      process.kill(pid, "SIGKILL");
      killed.add(pid);
    }
    await all;
    checkPromises(acknowledged, await untilAllEnded(database.kysely));
  } finally {
    await processes.stop();
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}, 180_000);
