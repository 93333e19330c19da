import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestTenon } from "../test-tenon.ts";
import { type Receiver, startDescribedTenon, startReceiver } from "../workflows.ts";
import {
  act,
  createNotionRig,
  createRuns,
  type NotionRig,
  paragraph,
  tell,
} from "./workflow-faults-rig.ts";

let tenon: TestTenon;
let receiver: Receiver;
let runs: ReturnType<typeof createRuns>;
let notion: NotionRig;
let root: string;
beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  runs = createRuns(tenon);
  notion = createNotionRig(tenon.localNotion.url);
  root = await notion.findRoot();
  await runs.connect("ada");
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

/** What may go wrong with a request, and once. */
const faults: [name: string, outcome: Record<string, unknown>][] = [
  ["429 with Retry-After", { status: 429, retryAfter: 1 }],
  ["529", { status: 529, retryAfter: 1 }],
  ["409", { status: 409 }],
  ["500 before it saved", { status: 500 }],
  ["500 after it saved", { status: 500, when: "after_save" }],
  ["502 in HTML", { status: 502, html: true }],
  ["502 in HTML after it saved", { status: 502, html: true, when: "after_save" }],
  ["503 after it saved", { status: 503, when: "after_save" }],
  ["503 after it saved, with Retry-After", { status: 503, retryAfter: 1, when: "after_save" }],
  ["nothing, cutting the connection", { cutAfterBytes: 0 }],
  ["half of an answer", { cutAfterBytes: 40 }],
  ["after a while", { delayMs: 2_000 }],
];

describe("a provider that answers a write with", () => {
  it.each(faults)("%s gets one page made", async (name, outcome) => {
    const parent = await notion.makePage(root, `Home of ${name}`);
    await notion.fault({ method: "POST", path: "/v1/pages", times: 1 }, outcome);
    const run = await runs.run([
      act("make", "create-page", { parent, title: "Made", children: [paragraph("Hello")] }),
      tell(receiver, { id: "{{make.result.id}}" }),
    ]);
    expect(run).toMatchObject({ status: "succeeded" });
    expect(await notion.countStruck("/v1/pages")).toBe(1);
    await notion.clearFaults();
    expect(await notion.titlesBelow(parent)).toEqual(["Made"]);
    const { id } = JSON.parse(receiver.got.at(-1)?.body ?? "");
    expect(await notion.textsOn(id)).toEqual(["Hello"]);
  });

  it.each(faults.filter(([, { when }]) => when === "after_save"))(
    "%s in a request of the workflow's own: its outcome is unknown and it is not repeated",
    async (name, outcome) => {
      const parent = await notion.makePage(root, `Own home of ${name}`);
      await notion.fault({ method: "POST", path: "/v1/pages", times: 1 }, outcome);
      const title = { title: [{ text: { content: "Own" } }] };
      const run = await runs.run([
        {
          id: "own",
          type: "integrationRequest",
          integration: "notion",
          method: "POST",
          path: "/v1/pages",
          bodyType: "json",
          body: { parent: { page_id: parent }, properties: { title } },
          retry: { delaysMs: [1000] },
        },
      ]);
      expect(run).toMatchObject({
        status: "failed",
        error: { code: "outcome_unknown", stepId: "own" },
      });
      expect(run.error.message).toMatch(/Nobody knows whether/);
      expect(await notion.titlesBelow(parent)).toEqual(["Own"]);
    },
  );

  it("500 for good: the run ends with what the provider said", async () => {
    const parent = await notion.makePage(root, "Never filled");
    await notion.fault({ method: "POST", path: "/v1/pages", times: 4 }, { status: 500 });
    const run = await runs.run([act("make", "create-page", { parent, title: "Made" })]);
    expect(run.status).toBe("failed");
    expect(run.steps[0].attempts).toHaveLength(4);
    expect(run.error).toMatchObject({ stepId: "make" });
    expect(run.error.message).toMatch(/Notion answered 500/);
    expect(await notion.titlesBelow(parent)).toEqual([]);
  });
});

describe.each([
  ["read is asked again", "GET", 1],
  ["append of 250 blocks has them all once and in order", "PATCH", 2],
])("a provider that fails a request: a %s, after", (_name, method, nth) => {
  const texts = Array.from({ length: 250 }, (_, index) => `Line ${index}`);
  const started = new Map<string, { runId: string; page: string; path: string }>();

  beforeAll(async () => {
    const { event } = await runs.deploy([
      method === "GET"
        ? act("step", "get-page-content", { blockId: "{{start.page}}" })
        : act("step", "append-blocks", {
            blockId: "{{start.page}}",
            children: texts.map(paragraph),
          }),
    ]);
    for (const [name, outcome] of faults) {
      const children = method === "GET" ? [paragraph("Read")] : [];
      const page = await notion.makePage(root, name, children);
      const path = `/v1/blocks/${page}/children`;
      await notion.fault({ method, path, nth, times: 1 }, outcome);
      started.set(name, { page, path, runId: await runs.send(event, { page }) });
    }
  });

  it.each(faults)("%s", async (name) => {
    const { runId = "", page = "", path = "" } = started.get(name) ?? {};
    const run = await runs.waitForEnd(runId);
    expect(run).toMatchObject({ status: "succeeded" });
    expect(await notion.countStruck(path)).toBe(1);
    expect(await notion.textsOn(page)).toEqual(method === "GET" ? ["Read"] : texts);
    if (method === "GET") expect(run.steps[0].output.result).toHaveLength(1);
  });
});

describe("a provider that is busy", () => {
  it("is waited for: it frees the worker, is no attempt, and its end can be seen", async () => {
    const page = await notion.makePage(root, "Busy");
    await notion.fault(
      { method: "GET", path: `/v1/blocks/${page}/children`, times: 1 },
      { status: 429, retryAfter: 4 },
    );
    const { event } = await runs.deploy([
      act("read", "get-page-content", { blockId: page }, { retry: { delaysMs: [] } }),
    ]);
    const runId = await runs.send(event);
    await expect.poll(async () => (await runs.getRun(runId)).status).toBe("waiting");
    const { dateWake, steps } = await runs.getRun(runId);
    expect(Date.parse(dateWake)).toBeGreaterThan(Date.parse(steps[0].dateStarted));
    expect(await runs.waitForEnd(runId)).toMatchObject({ status: "succeeded", taskCount: 1 });
  });
});

describe("a receiver of the customer's", () => {
  it.each([500, 502, 503])("that answers a POST with %i gets it once", async (status) => {
    receiver.answerWith({ status, body: { error: "no" } });
    const before = receiver.got.length;
    const run = await runs.run([tell(receiver, {}, { retry: { delaysMs: [1000] } })]);
    receiver.answerWith({});
    expect(run).toMatchObject({ status: "failed", error: { code: "outcome_unknown" } });
    expect(receiver.got.length).toBe(before + 1);
  });

  it("that tells repeats apart gets it again with the same key", async () => {
    receiver.answerWith({ status: 503 });
    const before = receiver.got.length;
    const { event } = await runs.deploy([
      tell(receiver, {}, { idempotent: true, retry: { delaysMs: [1000, 1000, 1000] } }),
    ]);
    const runId = await runs.send(event);
    await expect.poll(() => receiver.got.length).toBe(before + 2);
    receiver.answerWith({});
    expect((await runs.waitForEnd(runId)).status).toBe("succeeded");
    const keys = receiver.got.slice(before).map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys)).toEqual(new Set([`${runId}:tell`]));
  });
});
