import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { TestTenon } from "../test-tenon.ts";
import { type Receiver, startDescribedTenon, startReceiver } from "../workflows.ts";
import {
  createNotionRig,
  createRuns,
  startGate,
  type StepInput,
  tell,
  waitAt,
} from "./workflow-faults-rig.ts";

let tenon: TestTenon;
let receiver: Receiver;
let gate: Awaited<ReturnType<typeof startGate>>;
let runs: ReturnType<typeof createRuns>;
beforeAll(async () => {
  [tenon, receiver, gate] = await Promise.all([
    startDescribedTenon(),
    startReceiver(),
    startGate(),
  ]);
  runs = createRuns(tenon);
  await runs.connect("ada");
});
afterAll(async () => {
  await gate?.[Symbol.asyncDispose]();
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});
afterEach(() => void vi.useRealTimers());

const hourMs = 3_600_000;

/** The clock of the process jumps; the database's goes on as it was. */
function jump(byMs: number): void {
  const now = Date.now() + byMs;
  vi.useRealTimers();
  vi.useFakeTimers({ toFake: ["Date"], now });
}

const wait: StepInput = { id: "wait", type: "delay", value: 2, unit: "seconds" };

it.each([
  ["forward", hourMs],
  ["back", -hourMs],
])(
  "a clock that jumps %s before, in and after a wait neither lengthens nor skips it",
  async (name, byMs) => {
    const { event } = await runs.deploy([
      waitAt(gate, name),
      wait,
      { ...wait, id: "again" },
      tell(receiver, { name }),
    ]);
    const runId = await runs.send(event);
    await gate.waitFor(name);
    jump(byMs);
    gate.open(name);
    await expect.poll(async () => (await runs.getRun(runId)).status).toBe("waiting");
    jump(byMs);
    await expect
      .poll(async () => (await runs.getRun(runId)).steps.map((one: any) => one.stepId))
      .toContain("again");
    jump(-byMs);
    expect((await runs.waitForEnd(runId)).status).toBe("succeeded");
    const told = receiver.got.filter(({ body }) => JSON.parse(body).name === name);
    expect(told).toHaveLength(1);
  },
);

it("a schedule fires each of its times once while the clock jumps", async () => {
  const id = await runs.create("Each second", {
    trigger: { id: "start", type: "schedule", cron: "* * * * * *", next: "tell" },
    steps: [tell(receiver, { at: "{{start.scheduledFor}}" })],
  });
  await tenon.manage("POST", `${runs.base}/workflows/${id}/deploy`);
  await runs.enable(id, "ada");
  const times = () =>
    receiver.got.flatMap(({ body }) => (JSON.parse(body).at as string | undefined) ?? []);
  for (const byMs of [hourMs, -2 * hourMs, hourMs]) {
    const before = times().length;
    await expect.poll(() => times().length).toBeGreaterThan(before + 1);
    jump(byMs);
  }
  await tenon.manage("POST", `${runs.base}/workflows/${id}/undeploy`);
  const fired = times();
  expect(new Set(fired).size).toBe(fired.length);
  const sorted = fired.toSorted();
  const first = Date.parse(sorted[0] ?? "");
  const last = Date.parse(sorted.at(-1) ?? "");
  expect(fired).toHaveLength((last - first) / 1000 + 1);
});

it("a provider that asks to wait is waited for as long as it says", async () => {
  const notion = createNotionRig(tenon.localNotion.url);
  await notion.fault(
    { method: "GET", path: "/v1/users/me", times: 1 },
    { status: 429, retryAfter: 3 },
  );
  const { event } = await runs.deploy([
    { id: "me", type: "action", integration: "notion", action: "get-bot-user" },
  ]);
  const runId = await runs.send(event);
  await expect.poll(async () => (await runs.getRun(runId)).status).toBe("waiting");
  jump(-hourMs);
  expect((await runs.waitForEnd(runId)).status).toBe("succeeded");
});
