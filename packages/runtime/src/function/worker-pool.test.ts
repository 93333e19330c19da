import { describe, expect, it } from "vitest";
import { createFunctionRunner } from "./function-runner.ts";
import { callOf, functionHarness } from "./testing/function-harness.ts";
import { WorkerPool } from "./worker-pool.ts";

const { runner, run, resultOf } = functionHarness();
const loop = "() => { for (;;); }";

describe("calls at the same time", () => {
  it("all end, each with its own result", async () => {
    const calls = Array.from({ length: 50 }, (_, index) =>
      resultOf(
        "async ({ index }) => { globalThis.mine = index; await new Promise((r) => setTimeout(r, 5)); return mine }",
        {
          parameters: { index },
        },
      ),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it("do not hold each other or the process up: one ends while another loops", async () => {
    const control = new AbortController();
    const looping = run(loop, { timeoutMs: 60_000, signal: control.signal }).catch(
      (error: unknown) => error,
    );
    expect(
      await Promise.all(
        [1, 2, 3].map((value) => resultOf("(p) => p.value", { parameters: { value } })),
      ),
    ).toEqual([1, 2, 3]);
    control.abort(new Error("enough"));
    expect(await looping).toEqual(new Error("enough"));
  });

  it("count their time from when they start, not while they wait", async () => {
    const one = createFunctionRunner({ workers: 1 });
    const wait = "() => new Promise((resolve) => setTimeout(resolve, 1000, 'done'))";
    const calls = Array.from({ length: 4 }, () => one.run(callOf(wait, { timeoutMs: 3000 })));
    expect((await Promise.all(calls)).map(({ result }) => result)).toEqual(Array(4).fill("done"));
    await one.close();
  });
});

describe("a call that is cancelled", () => {
  it("is stopped while it runs, and the next goes on", async () => {
    const control = new AbortController();
    const looping = run(loop, { timeoutMs: 60_000, signal: control.signal });
    await resultOf("() => 1");
    control.abort(new Error("cancelled"));
    await expect(looping).rejects.toThrow("cancelled");
    expect(await resultOf("() => 'next'")).toBe("next");
  });

  it("leaves the queue while it waits, and is never run", async () => {
    const one = createFunctionRunner({ workers: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const running = one.run(callOf(loop, { timeoutMs: 60_000, signal: first.signal }));
    const waiting = one.run(callOf(loop, { timeoutMs: 60_000, signal: second.signal }));
    const last = one.run(callOf("() => 'last'"));
    second.abort(new Error("second"));
    await expect(waiting).rejects.toThrow("second");
    first.abort(new Error("first"));
    await expect(running).rejects.toThrow("first");
    expect((await last).result).toBe("last");
    await one.close();
  });

  it("is not begun where it was cancelled before", async () => {
    await expect(run("() => 1", { signal: AbortSignal.abort(new Error("early")) })).rejects.toThrow(
      "early",
    );
  });
});

describe("limits of the queue", () => {
  it("refuse what would wait too long, and it may be tried again", async () => {
    const one = createFunctionRunner({ workers: 1 });
    const control = new AbortController();
    const calls = Array.from({ length: 1005 }, () =>
      one
        .run(callOf(loop, { timeoutMs: 60_000, signal: control.signal }))
        .catch((error: unknown) => error),
    );
    await expect(one.run(callOf("() => 1"))).rejects.toMatchObject({
      code: "internal_error",
      transient: true,
    });
    control.abort(new Error("over"));
    const ends = await Promise.all(calls);
    expect(
      ends.filter((end) => end instanceof Error && end.message === "over").length,
    ).toBeGreaterThanOrEqual(1000);
    await one.close();
  });
});

describe("close", () => {
  it("ends what runs and what waits, and begins nothing more", async () => {
    const one = createFunctionRunner({ workers: 1 });
    await one.run(callOf("() => 1"));
    const ends = [1, 2, 3].map(() =>
      one.run(callOf(loop, { timeoutMs: 60_000 })).catch((error: unknown) => error),
    );
    await one.close();
    for (const end of await Promise.all(ends)) {
      expect(end).toMatchObject({ code: "internal_error", transient: true, happened: "no" });
    }
    await expect(one.run(callOf("() => 1"))).rejects.toMatchObject({ code: "internal_error" });
    await expect(one.check("() => 1", "javascript")).rejects.toMatchObject({
      code: "internal_error",
    });
  });

  it("may be called while threads start, and without any", async () => {
    const none = createFunctionRunner();
    await none.close();
    const starting = createFunctionRunner();
    const call = starting.run(callOf("() => 1")).catch((error: unknown) => error);
    await starting.close();
    expect(await call).toMatchObject({ code: "internal_error" });
  });
});

it("checks code while functions run", async () => {
  const [problem, result] = await Promise.all([
    runner.check("let x = ;", "javascript"),
    resultOf("() => 1"),
  ]);
  expect([problem?.line, result]).toEqual([1, 1]);
});

describe("threads", () => {
  it("that nobody needs end, and the next call starts one", async () => {
    const pool = new WorkerPool(2, 50);
    const task = { kind: "check", language: "javascript", code: "() => 1" } as const;
    const { signal } = new AbortController();
    await pool.perform(task, signal);
    expect(pool.size).toBe(1);
    await expect.poll(() => pool.size).toBe(0);
    await pool.perform(task, signal);
    expect(pool.size).toBe(1);
    await pool.close();
  });
});
