import { randomUUID } from "node:crypto";
import {
  createLimiter,
  type Limiter,
  type LimiterOptions,
  type Priority,
  type RateStore,
} from "@tenon/connections";
import { AppError } from "@tenon/connector";
import { Kysely, PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createPool } from "../create-pool.ts";
import type { Database } from "../tables.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createRateStore } from "./rate-windows.ts";

let database: TestDatabase;
const open: { limiter: Limiter; pool: Pool }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  vi.useRealTimers();
  for (const { limiter, pool } of open.splice(0)) {
    limiter.close();
    await pool.end();
  }
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** A limiter with a pool of its own, as another process would have. */
function startProcess(options: Partial<LimiterOptions> & { port?: number } = {}): {
  limiter: Limiter;
  pool: Pool;
} {
  const { port = database.connectionConfig.port, ...rest } = options;
  const pool = createPool({ ...database.connectionConfig, port });
  const store = createRateStore(kyselyOf(pool));
  // A machine that is busy with other tests must not look like a database that is away.
  const limiter = createLimiter({ store, leaseTimeoutMs: 20_000, ...rest });
  const process = { limiter, pool };
  open.push(process);
  return process;
}

function kyselyOf(pool: Pool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

const minute = 60_000;
const perMinute = (requests: number) => ({ requests, windowMs: minute });

interface Taking {
  limiter: Limiter;
  id: string;
  limit: { requests: number; windowMs: number };
  priority?: Priority;
  maxWaitMs?: number;
}

/** Whether a permit was had; a refusal is the answer false. */
async function tryTake({
  limiter,
  id,
  limit,
  priority = "interactive",
  maxWaitMs = 20_000,
}: Taking) {
  const wait = limiter.take(id, limit, { priority, maxWaitMs });
  if (wait === undefined) return true;
  return wait.permitted.catch((error: unknown) => {
    expect(error).toMatchObject({ code: "rate_limited", status: 429 });
    return false;
  });
}

async function takeAll(taking: Taking, times: number): Promise<number> {
  const taken = await Promise.all(Array.from({ length: times }, () => tryTake(taking)));
  return taken.filter(Boolean).length;
}

async function takeInTurn(taking: Taking): Promise<number> {
  let count = 0;
  while (await tryTake(taking)) count += 1;
  return count;
}

async function refusalOf(taking: Taking): Promise<AppError> {
  const { limiter, id, limit, priority = "interactive", maxWaitMs = 1_000 } = taking;
  const wait = limiter.take(id, limit, { priority, maxWaitMs });
  const error = await wait?.permitted.catch((cause: unknown) => cause);
  if (!(error instanceof AppError)) throw new Error("A permit was given.");
  return error;
}

describe("one budget", () => {
  test("three processes together get exactly the limit of a window", async () => {
    const id = randomUUID();
    const limit = perMinute(60);
    const taken = await Promise.all(
      [1, 2, 3].map(() => takeAll({ limiter: startProcess().limiter, id, limit }, 60)),
    );
    expect(taken.reduce((sum, count) => sum + count)).toBe(60);
  });

  test("what one process has used is not there for another", async () => {
    const [one, other] = [startProcess().limiter, startProcess().limiter];
    const [id, limit] = [randomUUID(), perMinute(60)];
    expect(await takeAll({ limiter: one, id, limit }, 60)).toBe(60);
    expect(await tryTake({ limiter: other, id, limit })).toBe(false);
  });

  test("each connection has its own", async () => {
    const { limiter } = startProcess();
    const limit = perMinute(5);
    const ids = Array.from({ length: 300 }, () => randomUUID());
    const taken = await Promise.all(ids.map((id) => takeAll({ limiter, id, limit }, 6)));
    expect(taken.every((count) => count === 5)).toBe(true);
  });

  test("a new window begins when the old one ends, and those who wait are served then", async () => {
    const { limiter } = startProcess();
    const taking = { limiter, id: randomUUID(), limit: { requests: 4, windowMs: 400 } };
    expect(await takeAll(taking, 4)).toBe(4);
    expect(await takeAll(taking, 4)).toBe(4);
    expect(await refusalOf({ ...taking, maxWaitMs: 1 })).toMatchObject({ retryAfter: 1 });
  });

  test("most permits are taken from memory, without the database", async () => {
    const { limiter, pool } = startProcess();
    const taking = { limiter, id: randomUUID(), limit: perMinute(10_000) };
    expect(await tryTake(taking)).toBe(true);
    const query = vi.spyOn(pool, "connect");
    for (let count = 0; count < 300; count += 1) {
      const wait = limiter.take(taking.id, taking.limit, { priority: "interactive", maxWaitMs: 0 });
      expect(wait).toBeUndefined();
    }
    expect(query).not.toHaveBeenCalled();
  });

  test("the next chunk is asked for before the last permit is used up", async () => {
    const { pool } = startProcess();
    const store = createRateStore(kyselyOf(pool));
    let answered = 0;
    const lease: RateStore["lease"] = async (asks) => {
      const leases = await store.lease(asks);
      answered += 1;
      return leases;
    };
    const { limiter } = startProcess({ store: { ...store, lease } });
    const taking = { limiter, id: randomUUID(), limit: perMinute(10_000) };
    await tryTake(taking);
    const ask = { priority: "interactive", maxWaitMs: 0 } as const;
    // A chunk has 500 permits; 50 are left each time.
    for (let count = 1; count < 450; count += 1) {
      expect(limiter.take(taking.id, taking.limit, ask)).toBeUndefined();
    }
    for (let chunk = 2; chunk < 6; chunk += 1) {
      await expect.poll(() => answered).toBe(chunk);
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (let count = 0; count < 500; count += 1) {
        expect(limiter.take(taking.id, taking.limit, ask)).toBeUndefined();
      }
    }
  });

  test("what is idle is forgotten", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { limiter } = startProcess();
    const limit = { requests: 5, windowMs: 20 };
    await Promise.all(
      Array.from({ length: 50 }, () => tryTake({ limiter, id: randomUUID(), limit })),
    );
    await tryTake({ limiter, id: randomUUID(), limit: perMinute(5) });
    expect(limiter.size).toBe(51);
    await new Promise((resolve) => setTimeout(resolve, 60));
    vi.advanceTimersByTime(minute);
    expect(limiter.size).toBe(1);
  });

  test("windows that nobody used for an hour are removed from the database", async () => {
    const store = createRateStore(database.kysely);
    const [old, fresh] = [randomUUID(), randomUUID()];
    await store.block(old, 1_000);
    await store.block(fresh, 1_000);
    await database.pool.query(
      "update rate_windows set window_end = now() - interval '61 minutes' where connection_id = $1",
      [old],
    );
    await store.purge();
    const { rows } = await database.pool.query(
      "select connection_id from rate_windows where connection_id = any($1)",
      [[old, fresh]],
    );
    expect(rows).toEqual([{ connection_id: fresh }]);
  });
});

describe("priorities", () => {
  test("a backfill leaves the last two fifths of a window, a workflow the last tenth", async () => {
    const id = randomUUID();
    const limit = perMinute(20);
    const [one, other] = [startProcess().limiter, startProcess().limiter];
    expect(await takeInTurn({ limiter: one, id, limit, priority: "backfill" })).toBe(12);
    expect(await tryTake({ limiter: other, id, limit, priority: "backfill" })).toBe(false);
    expect(await takeInTurn({ limiter: other, id, limit, priority: "workflow" })).toBe(6);
    expect(await takeInTurn({ limiter: one, id, limit, priority: "interactive" })).toBe(2);
  });

  test("a lower priority gets no permit of the last share that lies in memory", async () => {
    const { limiter } = startProcess();
    const taking = { limiter, id: randomUUID(), limit: perMinute(1_000) };
    expect(await takeAll(taking, 590)).toBe(590);
    expect(await takeInTurn({ ...taking, priority: "backfill" })).toBeLessThanOrEqual(10);
    expect(await tryTake(taking)).toBe(true);
  });

  test("who waits goes in the order of priority, then of arrival", async () => {
    const { limiter } = startProcess();
    const id = randomUUID();
    limiter.block(id, perMinute(100), 300);
    const order: string[] = [];
    const join = async (priority: Priority, name: string) => {
      await limiter.take(id, perMinute(100), { priority, maxWaitMs: 10_000 })?.permitted;
      order.push(name);
    };
    await Promise.all([
      join("backfill", "backfill 1"),
      join("workflow", "workflow 1"),
      join("interactive", "interactive 1"),
      join("backfill", "backfill 2"),
      join("interactive", "interactive 2"),
    ]);
    expect(order).toEqual([
      "interactive 1",
      "interactive 2",
      "workflow 1",
      "backfill 1",
      "backfill 2",
    ]);
  });
});

describe("waiting", () => {
  test("one who goes away uses no permit", async () => {
    const { limiter } = startProcess();
    const id = randomUUID();
    const limit = perMinute(20);
    const ask = { priority: "interactive", maxWaitMs: 10_000 } as const;
    limiter.block(id, limit, 200);
    const gone = Array.from({ length: 19 }, () => limiter.take(id, limit, ask));
    for (const wait of gone) wait?.cancel();
    expect(await Promise.all(gone.map(async (wait) => wait?.permitted))).toEqual(
      gone.map(() => false),
    );
    expect(await takeAll({ limiter, id, limit }, 20)).toBe(20);
  });

  test("a wait that would be too long is refused at once and says when to come again", async () => {
    const { limiter } = startProcess();
    const taking = { limiter, id: randomUUID(), limit: perMinute(3) };
    await takeAll(taking, 3);
    const refusal = await refusalOf(taking);
    expect(refusal).toMatchObject({ code: "rate_limited", status: 429 });
    expect(refusal.retryAfter).toBeGreaterThan(50);
    expect(refusal.message).toContain(taking.id);
  });

  test("the line is no longer than what one window can serve", async () => {
    const { limiter } = startProcess();
    const id = randomUUID();
    const limit = { requests: 5, windowMs: 1_000 };
    limiter.block(id, limit, 500);
    expect(await takeAll({ limiter, id, limit }, 8)).toBe(5);
  });

  test("closing ends the waits", async () => {
    const { limiter } = startProcess();
    const id = randomUUID();
    limiter.block(id, perMinute(5), 5_000);
    const waiting = refusalOf({ limiter, id, limit: perMinute(5), maxWaitMs: 10_000 });
    limiter.close();
    expect(await waiting).toMatchObject({ code: "rate_limited" });
  });
});

describe("a block by the provider", () => {
  test("is known to the other processes", async () => {
    const [one, other] = [startProcess().limiter, startProcess().limiter];
    const id = randomUUID();
    one.block(id, perMinute(100), 50_000);
    const isStored = async () => {
      const { rows } = await database.pool.query(
        "select 1 from rate_windows where connection_id = $1",
        [id],
      );
      return rows.length === 1;
    };
    await expect.poll(isStored).toBe(true);
    const refusal = await refusalOf({ limiter: other, id, limit: perMinute(100) });
    expect(refusal.retryAfter).toBeGreaterThan(40);
  });

  test("drops what was leased, and the window starts anew when it ends", async () => {
    const { limiter } = startProcess();
    const taking = { limiter, id: randomUUID(), limit: perMinute(20) };
    expect(await takeAll(taking, 20)).toBe(20);
    limiter.block(taking.id, taking.limit, 300);
    expect(await takeAll(taking, 20)).toBe(20);
  });

  test("a shorter one does not end a longer one", async () => {
    const [one, other] = [startProcess().limiter, startProcess().limiter];
    const id = randomUUID();
    const store = createRateStore(database.kysely);
    await store.block(id, 50_000);
    await store.block(id, 10);
    one.block(id, perMinute(100), 50_000);
    one.block(id, perMinute(100), 10);
    for (const limiter of [one, other]) {
      expect((await refusalOf({ limiter, id, limit: perMinute(100) })).retryAfter).toBeGreaterThan(
        40,
      );
    }
  });
});

describe("without the database", () => {
  test("each process works with its blind share of the limit", async () => {
    const { limiter } = startProcess({ port: 1, assumedProcesses: 4 });
    const taking = { limiter, id: randomUUID(), limit: perMinute(40), maxWaitMs: 500 };
    expect(await takeInTurn(taking)).toBe(10);
  });

  test("a database that hangs holds nobody up for longer than the time given", async () => {
    const { limiter } = startProcess({ leaseTimeoutMs: 200, retryMs: 50, assumedProcesses: 200 });
    const taking = { limiter, id: randomUUID(), limit: perMinute(200) };
    const holder = await database.pool.connect();
    try {
      await holder.query("begin");
      await holder.query("lock table rate_windows in access exclusive mode");
      expect(await tryTake(taking)).toBe(true);
    } finally {
      await holder.query("rollback");
      holder.release();
    }
    expect(await tryTake(taking)).toBe(true);
    const { rows } = await database.pool.query(
      "select used from rate_windows where connection_id = $1",
      [taking.id],
    );
    expect(rows).toHaveLength(1);
  });
});
