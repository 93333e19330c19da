import { randomUUID } from "node:crypto";
import { StepFailure } from "@tenon/runtime";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  chain,
  createEngineRig,
  createTestProject,
  type Doing,
  type EngineRigOptions,
  read,
  write,
} from "./testing/engine-rig.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

const open = (doings: Record<string, Doing> = {}, more: Partial<EngineRigOptions> = {}) =>
  createEngineRig({ database, doings, ...more });

const noRetry = { retry: { delaysMs: [] } };
const soon = { retry: { delaysMs: [1_000, 1_000] } };

describe("a run", () => {
  test("walks its steps in order, and each sees what earlier ones gave", async () => {
    await using rig = await open({
      first: () => ({ result: { name: "Ada", tags: ["x"] } }),
    });
    const version = rig.define(
      chain(
        read("first"),
        read("second", { name: "{{first.result.name}}", all: "{{first.result.tags}}" }),
        write("third", "Hello {{second.input.parameters.name}} from {{start.request.body.city}}"),
      ),
    );
    const { id } = await rig.start(version, { input: { request: { body: { city: "Rome" } } } });
    const run = await rig.waitFor(id);
    expect(run).toMatchObject({ status: "succeeded", taskCount: 3, triggerType: "request" });
    expect(await rig.output(id, "second")).toEqual({
      input: { parameters: { name: "Ada", all: ["x"] } },
    });
    expect(await rig.output(id, "third")).toMatchObject({ input: { body: "Hello Ada from Rome" } });
    const steps = await rig.history.steps(rig.projectId, id);
    expect(steps.map(({ stepId, status }) => [stepId, status])).toEqual([
      ["first", "succeeded"],
      ["second", "succeeded"],
      ["third", "succeeded"],
    ]);
  });

  test("sees the user, settings and secrets, and secrets are in no output and no input shown", async () => {
    const secrets = { KEY: "s3cr3t-value" };
    await using rig = await open(
      { echo: ({ input }) => ({ result: input, said: "key=s3cr3t-value!" }) },
      { secrets },
    );
    const version = rig.define(
      chain(
        read("echo", {
          key: "{{secrets.KEY}}",
          plan: "{{user.meta.plan}}",
          greeting: "{{settings.greeting}}",
        }),
        read("after", { again: "{{echo.result.parameters.key}}" }),
      ),
    );
    const { id } = await rig.start(version);
    await rig.waitFor(id);
    const steps = await rig.history.steps(rig.projectId, id);
    expect(JSON.stringify(steps)).not.toContain("s3cr3t");
    expect(steps[0]?.output).toEqual({
      result: { parameters: { key: "[secret KEY]", plan: "pro", greeting: "Hi" } },
      said: "key=[secret KEY]!",
    });
    expect(steps[1]?.output).toEqual({ input: { parameters: { again: "[secret KEY]" } } });
  });

  test("keeps no secret in what a part of a step gave, while the step is under way", async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await using rig = await open(
      {
        async parts({ once }) {
          const first = await once("first", async () => "it is s3cr3t-value");
          await once("second", async () => {
            reached.resolve();
            await release.promise;
          });
          return { first };
        },
      },
      { secrets: { KEY: "s3cr3t-value" } },
    );
    const { id } = await rig.start(rig.define(chain(read("parts", { key: "{{secrets.KEY}}" }))));
    await reached.promise;
    const { rows } = await sql<{ progress: string }>`
      select progress from step_runs where run_id = ${id}
    `.execute(database.kysely);
    expect(rows[0]?.progress).toContain("it is [secret KEY]");
    release.resolve();
    await rig.waitFor(id);
    expect(await rig.output(id, "parts")).toEqual({ first: "it is [secret KEY]" });
  });

  test("with the same id is the same run", async () => {
    let done = 0;
    await using rig = await open({ count: () => (done += 1) });
    const version = rig.define(chain(write("count")));
    const id = randomUUID();
    const started = await Promise.all(Array.from({ length: 20 }, () => rig.start(version, { id })));
    await rig.waitFor(id);
    expect(await rig.start(version, { id })).toEqual({ id, status: "succeeded" });
    expect(new Set(started.map((one) => one.id))).toEqual(new Set([id]));
    expect(done).toBe(1);
  });

  test("keeps an output of a megabyte apart and whole, and tells its size in bytes", async () => {
    const text = "é".repeat(500_000);
    await using rig = await open({ big: () => ({ text }) });
    const version = rig.define(chain(read("big"), read("use", { text: "{{big.text}}" })));
    const { id } = await rig.start(version);
    await rig.waitFor(id);
    const [step] = await rig.history.steps(rig.projectId, id);
    expect(step).toMatchObject({ isLargeOutput: true, output: undefined, outputSize: 1_000_011 });
    expect(await rig.output(id, "big")).toEqual({ text });
    expect(await rig.output(id, "use")).toEqual({ input: { parameters: { text } } });
  });
});

describe("branches", () => {
  test("take the first condition that holds, and then what follows the conditional", async () => {
    await using rig = await open();
    const version = rig.define({
      trigger: { id: "start", type: "request", next: "which" },
      steps: [
        {
          id: "which",
          type: "conditional",
          next: "after",
          branches: [
            {
              label: "big",
              condition: { operator: "$numberGreaterThan", variable: "{{start.n}}", argument: 10 },
              next: "big",
            },
            {
              label: "even bigger",
              condition: { operator: "$numberGreaterThan", variable: "{{start.n}}", argument: 99 },
              next: null,
            },
          ],
          otherwise: { label: "small", next: "small" },
        },
        read("big"),
        read("small"),
        read("after", { choice: "{{which.selectedChoice}}" }),
      ],
    });
    const big = await rig.start(version, { input: { n: 100 } });
    const small = await rig.start(version, { input: { n: 3 } });
    await rig.waitFor(big.id);
    await rig.waitFor(small.id);
    const stepsOf = async (id: string) =>
      (await rig.history.steps(rig.projectId, id)).map((one) => one.stepId);
    expect(await stepsOf(big.id)).toEqual(["which", "big", "after"]);
    expect(await stepsOf(small.id)).toEqual(["which", "small", "after"]);
    expect(await rig.output(big.id, "after")).toEqual({
      input: { parameters: { choice: "big" } },
    });
  });

  test("of a fan out run for every item, some at a time, and their results keep the order", async () => {
    let running = 0;
    let most = 0;
    await using rig = await open({
      async item({ input }) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        running -= 1;
        return { result: (input["parameters"] as { n: number }).n * 2 };
      },
    });
    const version = rig.define({
      trigger: { id: "start", type: "request", next: "outer" },
      steps: [
        {
          id: "outer",
          type: "fanOut",
          items: "{{start.rows}}",
          each: "inner",
          next: "after",
          concurrency: 3,
        },
        { id: "inner", type: "fanOut", items: "{{outer.instance}}", each: "item", concurrency: 2 },
        read("item", { n: "{{inner.instance}}" }),
        read("after", { all: "{{item.result}}", count: "{{outer.count}}" }),
      ],
    });
    const { id } = await rig.start(version, { input: { rows: [[1, 2, 3], [], [4], [5, 6]] } });
    await rig.waitFor(id);
    expect(await rig.output(id, "after")).toEqual({
      input: { parameters: { all: [[2, 4, 6], [], [8], [10, 12]], count: 4 } },
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6);
  });

  test("a fan out of what is no list fails the run with what it got", async () => {
    await using rig = await open();
    const version = rig.define(
      chain({ id: "fan", type: "fanOut", items: "{{start.rows}}", each: null }),
    );
    const { id } = await rig.start(version, { input: { rows: "a,b" } });
    expect(await rig.waitFor(id)).toMatchObject({
      status: "failed",
      error: { code: "invalid_input", message: expect.stringContaining("got string") },
    });
  });
});

describe("a step that fails", () => {
  test("is tried again where it may pass, after its delays, and all attempts are one task", async () => {
    let tries = 0;
    await using rig = await open({
      flaky() {
        tries += 1;
        if (tries < 3) {
          throw new StepFailure("request_unreachable", `Refused ${tries}`, { transient: true });
        }
        return { result: tries };
      },
    });
    const version = rig.define(chain(write("flaky", null, soon)));
    const { id } = await rig.start(version);
    const run = await rig.waitFor(id);
    expect(run).toMatchObject({ status: "succeeded", taskCount: 1 });
    const [step] = await rig.history.steps(rig.projectId, id);
    expect(step?.attempts.map((one) => one.error?.message)).toEqual([
      "Refused 1",
      "Refused 2",
      undefined,
    ]);
  });

  test("fails the run where it will not pass, and nothing after it is run", async () => {
    let tries = 0;
    await using rig = await open({
      broken() {
        tries += 1;
        throw new StepFailure("request_failed", "404 Not Found", { details: { status: 404 } });
      },
    });
    const version = rig.define(chain(write("broken"), read("after")));
    const { id } = await rig.start(version);
    expect(await rig.waitFor(id)).toMatchObject({
      status: "failed",
      error: { code: "request_failed", stepId: "broken", details: { status: 404 } },
    });
    expect(tries).toBe(1);
    expect(await rig.history.steps(rig.projectId, id)).toHaveLength(1);
  });

  test("lets the run go on where it says so, with the error as its output", async () => {
    await using rig = await open({
      broken() {
        throw new StepFailure("function_failed", "x is not defined");
      },
    });
    const version = rig.define(
      chain(
        read("broken", {}, { continueOnFailure: true, ...noRetry }),
        read("after", { why: "{{broken.error.message}}" }),
      ),
    );
    const { id } = await rig.start(version);
    expect((await rig.waitFor(id)).status).toBe("succeeded");
    expect(await rig.output(id, "after")).toEqual({
      input: { parameters: { why: "x is not defined" } },
    });
  });

  test("a write that nobody knows the outcome of is not repeated", async () => {
    let sent = 0;
    await using rig = await open({
      post() {
        sent += 1;
        throw new StepFailure("request_timeout", "No answer in 30 s", {
          transient: true,
          happened: "unknown",
        });
      },
    });
    const version = rig.define(chain(write("post", null, soon)));
    const { id } = await rig.start(version);
    expect(await rig.waitFor(id)).toMatchObject({
      status: "failed",
      error: { code: "outcome_unknown", message: expect.stringContaining("No answer in 30 s") },
    });
    expect(sent).toBe(1);
  });

  test("waits for a busy provider without counting it as an attempt", async () => {
    let asked = 0;
    await using rig = await open({
      post() {
        asked += 1;
        if (asked <= 2) {
          throw new StepFailure("rate_limited", "429", { transient: true, retryAfterMs: 300 });
        }
        return { result: "sent" };
      },
    });
    const version = rig.define(chain(write("post", null, noRetry)));
    const { id } = await rig.start(version);
    expect((await rig.waitFor(id)).status).toBe("succeeded");
    const [step] = await rig.history.steps(rig.projectId, id);
    expect(step?.attempts.map((one) => one.busy)).toEqual([true, true, undefined]);
  });

  test("an unforeseen fault fails the run and tells nothing of its insides", async () => {
    await using rig = await open({
      bug() {
        throw new TypeError("secret insides");
      },
    });
    const { id } = await rig.start(rig.define(chain(read("bug"))));
    const run = await rig.waitFor(id);
    expect(run).toMatchObject({ status: "failed", error: { code: "internal_error" } });
    expect(JSON.stringify(run)).not.toContain("insides");
  });
});

describe("waiting", () => {
  test("a delay frees the worker, and the run goes on where it was", async () => {
    let before = 0;
    await using rig = await open({ before: () => (before += 1) }, { maxRuns: 1 });
    const version = rig.define(
      chain(
        read("before"),
        { id: "wait", type: "delay", value: 2, unit: "seconds" },
        read("after"),
      ),
    );
    const { id } = await rig.start(version);
    await rig.waitFor(id, ["waiting"]);
    const other = await rig.start(rig.define(chain(read("quick"))));
    await rig.waitFor(other.id);
    expect((await rig.history.get(rig.projectId, id))?.status).toBe("waiting");
    await rig.waitFor(id);
    expect(before).toBe(1);
  });

  test("branches of a fan out wait without holding up the others", async () => {
    await using rig = await open();
    const version = rig.define({
      trigger: { id: "start", type: "request", next: "fan" },
      steps: [
        { id: "fan", type: "fanOut", items: [2, 0, 1], each: "wait", next: "after" },
        { id: "wait", type: "delay", value: "{{fan.instance}}", unit: "seconds", next: "item" },
        read("item", { n: "{{fan.instance}}" }),
        read("after", { all: "{{item.input.parameters.n}}" }),
      ],
    });
    const { id } = await rig.start(version);
    await rig.waitFor(id, ["waiting"]);
    expect(await rig.output(id, "item", [1])).toBeDefined();
    await rig.waitFor(id);
    expect(await rig.output(id, "after")).toEqual({ input: { parameters: { all: [2, 0, 1] } } });
  });

  test("a delay of what is no number fails with what it got", async () => {
    await using rig = await open();
    const version = rig.define(
      chain({ id: "wait", type: "delay", value: "{{start.until}}", unit: "days" }),
    );
    const { id } = await rig.start(version, { input: { until: "tomorrow" } });
    expect(await rig.waitFor(id)).toMatchObject({ error: { code: "invalid_input" } });
  });
});

describe("clocks", () => {
  afterEach(() => void vi.useRealTimers());

  test("a clock of the process that is set back holds up nothing that waits", async () => {
    await using rig = await open();
    const version = rig.define(
      chain({ id: "wait", type: "delay", value: 1.5, unit: "seconds" }, read("after")),
    );
    const { id } = await rig.start(version);
    await rig.waitFor(id, ["waiting"]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 3_600_000 });
    expect((await rig.waitFor(id)).status).toBe("succeeded");
  });

  test("one that is set forward shortens no wait", async () => {
    await using rig = await open();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    const version = rig.define(chain({ id: "wait", type: "delay", value: 30, unit: "minutes" }));
    const { id } = await rig.start(version);
    const run = await rig.waitFor(id, ["waiting", "succeeded"]);
    expect(run.status).toBe("waiting");
    const { rows } = await sql<{ minutes: number }>`
      select extract(epoch from wake_at - clock_timestamp()) / 60 as minutes from runs where id = ${id}
    `.execute(database.kysely);
    expect(Number(rows[0]?.minutes)).toBeCloseTo(30, 0);
  });
});

describe("replies", () => {
  test("of a Response step reach the caller", async () => {
    await using rig = await open();
    const version = rig.define(
      chain(read("work"), { id: "answer", type: "response", body: { got: "{{start.n}}" } }),
    );
    const { id } = await rig.start(version, { input: { n: 7 } });
    expect(await rig.engine.waitForReply(id, 10_000)).toEqual({
      kind: "reply",
      reply: { status: 200, headers: {}, body: { got: 7 } },
    });
  });

  test("reach the caller from a run that another process works on", async () => {
    await using here = await open({}, { maxRuns: 0 });
    await using there = await open({}, { project: here.project });
    const version = here.define(chain({ id: "answer", type: "response", body: "yes" }));
    const { id, status } = await here.start(version);
    expect(status).toBe("queued");
    expect(await here.engine.waitForReply(id, 10_000)).toMatchObject({
      kind: "reply",
      reply: { body: "yes" },
    });
    expect((await there.waitFor(id)).status).toBe("succeeded");
  });

  test("a run that ends without one says so, and a slow one ends in a timeout", async () => {
    await using rig = await open();
    const done = await rig.start(rig.define(chain(read("work"))));
    expect(await rig.engine.waitForReply(done.id, 10_000)).toEqual({
      kind: "ended",
      status: "succeeded",
    });
    const slow = await rig.start(
      rig.define(chain({ id: "wait", type: "delay", value: 1, unit: "hours" })),
    );
    expect(await rig.engine.waitForReply(slow.id, 400)).toEqual({ kind: "timeout" });
  });
});

describe("control", () => {
  test("a cancelled run stops before its next step, a waiting one at once", async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await using rig = await open({
      async slow() {
        reached.resolve();
        await release.promise;
        return {};
      },
    });
    const running = await rig.start(rig.define(chain(write("slow"), write("after"))));
    await reached.promise;
    await rig.controls.cancel(rig.projectId, running.id);
    release.resolve();
    expect(await rig.waitFor(running.id)).toMatchObject({
      status: "cancelled",
      error: { code: "cancelled" },
    });
    const steps = await rig.history.steps(rig.projectId, running.id);
    expect(steps.map((one) => [one.stepId, one.status])).toEqual([
      ["slow", "succeeded"],
      ["after", "skipped"],
    ]);
    expect(steps[1]?.attempts).toEqual([]);

    const waiting = await rig.start(
      rig.define(chain({ id: "wait", type: "delay", value: 1, unit: "days" })),
    );
    await rig.waitFor(waiting.id, ["waiting"]);
    expect(await rig.controls.cancel(rig.projectId, waiting.id)).toBe("cancelled");
    expect(await rig.history.steps(rig.projectId, waiting.id)).toMatchObject([
      { stepId: "wait", status: "skipped" },
    ]);
    await expect(rig.controls.cancel(rig.projectId, waiting.id)).rejects.toMatchObject({
      code: "run_finished",
    });
  });

  test("a paused run goes on when it is resumed, and repeats nothing", async () => {
    let first = 0;
    let second = 0;
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await using rig = await open({
      async first() {
        first += 1;
        reached.resolve();
        await release.promise;
        return {};
      },
      second: () => (second += 1),
    });
    const { id } = await rig.start(rig.define(chain(write("first"), write("second"))));
    await reached.promise;
    await rig.controls.pause(rig.projectId, id);
    release.resolve();
    await rig.waitFor(id, ["paused"]);
    expect(second).toBe(0);
    await rig.controls.resume(rig.projectId, id);
    expect((await rig.waitFor(id)).status).toBe("succeeded");
    expect([first, second]).toEqual([1, 1]);
  });

  test("another project's runs are unknown", async () => {
    await using rig = await open();
    const other = await createTestProject(database);
    const { id } = await rig.start(rig.define(chain(read("work"))));
    await rig.waitFor(id);
    await expect(rig.controls.cancel(other.projectId, id)).rejects.toMatchObject({
      code: "run_not_found",
    });
    expect(await rig.history.get(other.projectId, id)).toBeUndefined();
    expect(await rig.history.steps(other.projectId, id)).toEqual([]);
    expect(
      await rig.history.payload(other.projectId, id, {
        stepId: "work",
        instance: [],
        kind: "output",
      }),
    ).toBeUndefined();
  });
});

describe("tests and replays", () => {
  test("a test cuts lists, waits for nothing and tries nothing twice", async () => {
    let tries = 0;
    await using rig = await open({
      item() {
        tries += 1;
        return {};
      },
      flaky() {
        throw new StepFailure("request_unreachable", "no", { transient: true });
      },
    });
    const version = rig.define({
      trigger: { id: "start", type: "request", next: "wait" },
      steps: [
        { id: "wait", type: "delay", value: 3, unit: "days", next: "fan" },
        { id: "fan", type: "fanOut", items: "{{start.rows}}", each: "item", next: "flaky" },
        read("item"),
        write("flaky"),
      ],
    });
    const rows = Array.from({ length: 50 }, (_, index) => index);
    const { id } = await rig.start(version, { test: true, input: { rows } });
    expect(await rig.waitFor(id)).toMatchObject({ status: "failed", test: true });
    expect(tries).toBe(20);
  });

  test("one step alone is run with the outputs it is given", async () => {
    await using rig = await open();
    const version = rig.define(
      chain(read("first"), read("second", { from: "{{first.result}}" }), write("third")),
    );
    const now = new Date();
    const { id } = await rig.start(version, {
      test: true,
      onlyStep: "second",
      steps: [
        {
          stepId: "first",
          instance: [],
          type: "function",
          output: { result: 42 },
          startedAt: now,
          finishedAt: now,
        },
      ],
    });
    await rig.waitFor(id);
    expect(await rig.output(id, "second")).toEqual({ input: { parameters: { from: 42 } } });
    expect(await rig.history.steps(rig.projectId, id)).toHaveLength(2);
  });
});

describe("limits", () => {
  test("a user with many queued runs does not delay another's first", async () => {
    const release = Promise.withResolvers<void>();
    const order: string[] = [];
    await using rig = await open(
      {
        async work({ input }) {
          const { who } = input["parameters"] as { who: string };
          order.push(who);
          if (order.length <= 2) await release.promise;
          return {};
        },
      },
      { maxRuns: 2 },
    );
    const version = rig.define(chain(read("work", { who: "{{start.who}}" })));
    const greedy = randomUUID();
    const modest = randomUUID();
    for (let index = 0; index < 200; index += 1) {
      await rig.start(version, { userId: greedy, input: { who: "greedy" } });
    }
    const late = await rig.start(version, { userId: modest, input: { who: "modest" } });
    release.resolve();
    await rig.waitFor(late.id);
    // Two were under way; then the users take turns.
    expect(order.indexOf("modest")).toBeLessThanOrEqual(6);
  });

  test("of a project and of a user hold, on two processes together", async () => {
    const project = await createTestProject(database, { perProject: 5, perUser: 2 });
    const running = new Map<string, number>();
    let total = 0;
    let mostTotal = 0;
    let mostOfOne = 0;
    const doings: Record<string, Doing> = {
      async work({ input }) {
        const { who } = input["parameters"] as { who: string };
        total += 1;
        running.set(who, (running.get(who) ?? 0) + 1);
        mostTotal = Math.max(mostTotal, total);
        mostOfOne = Math.max(mostOfOne, running.get(who) ?? 0);
        await new Promise((resolve) => setTimeout(resolve, 20));
        total -= 1;
        running.set(who, (running.get(who) ?? 0) - 1);
        return {};
      },
    };
    await using one = await open(doings, { project });
    await using two = await open(doings, { project });
    const version = one.define(chain(read("work", { who: "{{start.who}}" })));
    const users = Array.from({ length: 4 }, () => randomUUID());
    const ids: string[] = [];
    for (let index = 0; index < 60; index += 1) {
      const userId = users[index % users.length] ?? "";
      const rig = index % 2 === 0 ? one : two;
      ids.push((await rig.start(version, { userId, input: { who: userId } })).id);
    }
    for (const id of ids) expect((await one.waitFor(id)).status).toBe("succeeded");
    expect(mostTotal).toBeLessThanOrEqual(5);
    expect(mostTotal).toBeGreaterThan(2);
    expect(mostOfOne).toBeLessThanOrEqual(2);
  });
});

describe("a worker that goes away", () => {
  test("gives its runs back when it stops, and another goes on", async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const first = await open({
      async one() {
        reached.resolve();
        await release.promise;
        return { result: "kept" };
      },
    });
    const version = first.define(chain(write("one"), read("two", { got: "{{one.result}}" })));
    const { id } = await first.start(version);
    await reached.promise;
    const closing = first[Symbol.asyncDispose]();
    release.resolve();
    await closing;
    expect((await first.history.get(first.projectId, id))?.status).toBe("queued");
    await using second = await open({}, { project: first.project });
    expect((await second.waitFor(id)).status).toBe("succeeded");
    expect(await second.output(id, "two")).toEqual({ input: { parameters: { got: "kept" } } });
  });

  test("loses its runs when it is silent, and cannot write to them any more", async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let wentOn = false;
    // A store that gives no sign of life: the process hangs, or is cut off from the others.
    const silent = await open(
      {
        async one() {
          reached.resolve();
          await release.promise;
          return { result: "stale" };
        },
        two() {
          wentOn = true;
          return {};
        },
      },
      {
        wrapStore(store) {
          let beats = 0;
          const beat = (id: string) =>
            beats++ === 0 ? store.beat(id) : new Promise<never>(() => undefined);
          return { ...store, beat, leave: async () => undefined };
        },
      },
    );
    const version = silent.define(chain(read("one"), write("two")));
    const { id } = await silent.start(version);
    await reached.promise;
    await using other = await open(
      { one: () => ({ result: "fresh" }) },
      { project: silent.project },
    );
    await other.waitFor(id);
    release.resolve();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(wentOn).toBe(false);
    expect(await other.output(id, "one")).toEqual({ result: "fresh" });
  });
});
