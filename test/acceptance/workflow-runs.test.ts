import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readEvents, type SentEvent } from "../../apps/server/src/commands/workflow/read-events.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";
import {
  createWorkflowRig,
  type Receiver,
  startDescribedTenon,
  startReceiver,
  tellWorkflow,
  type WorkflowRig,
} from "../workflows.ts";

let tenon: TestTenon;
let receiver: Receiver;
let rig: WorkflowRig;
let told: string;
beforeAll(async () => {
  [tenon, receiver] = await Promise.all([startDescribedTenon(), startReceiver()]);
  rig = createWorkflowRig(tenon);
  await tenon.manage("POST", `${rig.base}/app-events`, { name: "Told", sample: { title: "x" } });
  await rig.connect("ada");
  await rig.connect("bob");
  told = await rig.deploy("Tell", tellWorkflow("Told", receiver));
  await rig.enable(told, "ada");
  await rig.enable(told, "bob");
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});
beforeEach(() => receiver.answerWith({}));

/** Sends the event for a user; answers the run it started. */
async function tell(userId: string, payload: object = { title: "Hello" }): Promise<string> {
  const { runs } = await tenon.manage("POST", `${rig.base}/users/${userId}/events`, {
    name: "Told",
    payload,
  });
  expect(runs).toHaveLength(1);
  return runs[0].runId;
}

function call(method: string, path: string, body?: unknown) {
  return tenon.call(path, {
    method,
    token: tenon.instanceKey,
    ...(body !== undefined && { body }),
  });
}

/** A workflow that waits an hour between its steps. */
async function deployWaiting(event: string): Promise<string> {
  await tenon.manage("POST", `${rig.base}/app-events`, { name: event });
  const definition = tellWorkflow(event, receiver);
  const id = await rig.deploy(`Waits for ${event}`, {
    trigger: { ...definition.trigger, next: "wait" },
    steps: [
      { id: "wait", type: "delay", value: 1, unit: "hours", next: "tell" },
      ...(definition.steps ?? []),
    ],
  });
  await rig.enable(id, "ada");
  return id;
}

async function startWaiting(event: string): Promise<string> {
  await deployWaiting(event);
  const { runs } = await tenon.manage("POST", `${rig.base}/users/ada/events`, { name: event });
  await expect.poll(async () => (await rig.getRun(runs[0].runId)).status).toBe("waiting");
  return runs[0].runId;
}

describe("runs over the API", () => {
  it("shows a run with its steps, their inputs and outputs", async () => {
    const run = await rig.waitForEnd(await tell("ada"));
    expect(run).toMatchObject({
      status: "succeeded",
      workflowId: told,
      userId: "ada",
      triggerType: "event",
      input: { title: "Hello" },
      steps: [{ stepId: "tell", type: "request", status: "succeeded", instance: [] }],
    });
    expect(run.dateFinished).toEqual(expect.any(String));
    expect(run.steps[0].output.response.body).toEqual({ ok: true });
    const path = `${rig.base}/runs/${run.id}/steps/tell/payload`;
    const { value } = await tenon.manage("GET", `${path}?kind=output`);
    expect(value).toEqual(run.steps[0].output);
    const none = await call("GET", `${path}?kind=input&instance=3`);
    expect([none.status, none.body.code]).toEqual([404, "step_not_found"]);
  });

  it("gives a large output in full, and leaves it out of the list", async () => {
    const large = { text: "x".repeat(300_000) };
    receiver.answerWith({ body: large });
    const run = await rig.waitForEnd(await tell("ada"));
    const [step] = run.steps;
    expect(step.isLargeOutput).toBe(true);
    expect(step.outputSize).toBeGreaterThan(300_000);
    expect(JSON.stringify(step).length).toBeLessThan(100_000);
    const path = `${rig.base}/runs/${run.id}/steps/tell/payload?kind=output`;
    expect((await tenon.manage("GET", path)).value.response.body).toEqual(large);
  });

  it("lists runs by user, workflow, status, integration and time, in pages", async () => {
    const ids = [await tell("bob"), await tell("bob"), await tell("bob")];
    for (const id of ids) await rig.waitForEnd(id);
    const query = `userId=bob&workflowId=${told}&integration=notion&status=succeeded,failed`;
    const first = await tenon.manage("GET", `${rig.base}/runs?${query}&limit=2`);
    expect(first.runs.map((one: any) => one.id)).toEqual([ids[2], ids[1]]);
    const cursor = encodeURIComponent(first.nextCursor);
    const rest = await tenon.manage("GET", `${rig.base}/runs?${query}&limit=2&cursor=${cursor}`);
    expect(rest.runs.map((one: any) => one.id)).toEqual([ids[0]]);
    expect(rest.nextCursor).toBeNull();
    const oldest = await tenon.manage("GET", `${rig.base}/runs?${query}&order=asc`);
    expect(oldest.runs[0].id).toBe(ids[0]);
    const before = encodeURIComponent(oldest.runs[0].dateCreated);
    const none = await tenon.manage("GET", `${rig.base}/runs?${query}&before=${before}`);
    expect(none.runs).toEqual([]);
    const failed = await tenon.manage("GET", `${rig.base}/runs?userId=bob&status=failed`);
    expect(failed.runs).toEqual([]);
  });

  it.each(["limit=0", "limit=101", "status=over", "before=yesterday", "tests=perhaps"])(
    "refuses the query %s",
    async (query) => {
      const answer = await call("GET", `${rig.base}/runs?${query}`);
      expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    },
  );

  it("cancels, pauses and resumes a run, and refuses it where the run is over", async () => {
    const runId = await startWaiting("Hold on");
    const path = `${rig.base}/runs/${runId}`;
    await tenon.manage("POST", `${path}/pause`);
    await expect.poll(async () => (await rig.getRun(runId)).status).toBe("paused");
    await tenon.manage("POST", `${path}/resume`);
    await expect.poll(async () => (await rig.getRun(runId)).status).toBe("waiting");
    await tenon.manage("POST", `${path}/cancel`);
    await expect.poll(async () => (await rig.getRun(runId)).status).toBe("cancelled");
    const late = await call("POST", `${path}/pause`);
    expect([late.status, late.body.code]).toEqual([409, "run_finished"]);
  });

  it("replays a failed run in the same version, with its input", async () => {
    receiver.answerWith({ status: 400, body: { error: "no" } });
    const failed = await rig.waitForEnd(await tell("ada", { title: "Again" }));
    expect(failed).toMatchObject({ status: "failed", error: { stepId: "tell" } });
    receiver.answerWith({});
    const started = await call("POST", `${rig.base}/runs/${failed.id}/replay`, { from: "failed" });
    expect(started.status).toBe(201);
    const replayed = await rig.waitForEnd(started.body.runId);
    expect(replayed).toMatchObject({
      status: "succeeded",
      replayOf: failed.id,
      versionId: failed.versionId,
      input: { title: "Again" },
    });
  });

  it("tests a draft and one step of it, as a user", async () => {
    const path = `${rig.base}/workflows/${told}`;
    const account = { userId: "ada" };
    const whole = await call("POST", `${path}/test`, { account });
    expect(whole.status).toBe(201);
    const run = await rig.waitForEnd(whole.body.runId);
    expect(run).toMatchObject({ status: "succeeded", test: true, input: { title: "x" } });
    const step = await tenon.manage("POST", `${path}/steps/tell/test`, {
      account,
      input: { title: "Only this" },
    });
    await rig.waitForEnd(step.runId);
    expect(JSON.parse(receiver.got.at(-1)?.body ?? "")).toEqual({
      title: "Only this",
      user: "ada",
    });
    const { runs } = await tenon.manage("GET", `${rig.base}/runs?workflowId=${told}`);
    expect(runs.some((one: any) => one.test)).toBe(false);
    const unknown = await call("POST", `${path}/steps/nope/test`, { account });
    expect([unknown.status, unknown.body.code]).toEqual([404, "step_not_found"]);
  });

  it("starts one run for one idempotency key", async () => {
    const event = { name: "Told", payload: { title: "Once" }, idempotencyKey: "key-1" };
    const path = `${rig.base}/users/ada/events`;
    const first = await tenon.manage("POST", path, event);
    const second = await tenon.manage("POST", path, event);
    expect(second.runs[0].runId).toBe(first.runs[0].runId);
  });

  it("answers another project's runs as unknown ones", async () => {
    const other = await tenon.createProject("Stranger");
    const { id } = await rig.waitForEnd(await tell("ada"));
    const runPath = `/api/projects/${other.projectId}/runs/${id}`;
    const history = `/projects/${other.projectId}/task-history/workflow-executions/${id}`;
    const paths: [method: string, path: string][] = [
      ["GET", runPath],
      ["GET", `${runPath}/events`],
      ["GET", `${runPath}/steps/tell/payload?kind=output`],
      ["POST", `${runPath}/cancel`],
      ["POST", `${runPath}/pause`],
      ["POST", `${runPath}/resume`],
      ["POST", `${runPath}/replay`],
      ["GET", history],
      ["GET", `${history}/step-executions/tell`],
      ["POST", `${history}/replay`],
    ];
    for (const [method, path] of paths) {
      const answer = await call(method, path);
      expect([path, answer.status, answer.body.code]).toEqual([path, 404, "run_not_found"]);
    }
  });
});

describe("live updates", () => {
  it("streams a run and its steps to its end, and tells an old reader that it is over", async () => {
    receiver.answerWith({ delayMs: 700 });
    const runId = await tell("ada");
    await using stream = await openStream(`${rig.base}/runs/${runId}/events`);
    const events: SentEvent[] = [];
    for await (const event of stream.events) events.push(event);
    const names = events.map(({ name }) => name);
    expect(names.at(-1)).toBe("end");
    expect(names).toContain("step");
    expect(events.at(-1)?.data).toMatchObject({ id: runId, status: "succeeded" });
    expect(events.findLast(({ name }) => name === "step")?.data).toMatchObject({
      stepId: "tell",
      status: "succeeded",
    });
    const again = await tenon.call(`${rig.base}/runs/${runId}/events`, {
      token: tenon.instanceKey,
      headers: { "last-event-id": events.at(-1)?.id ?? "" },
    });
    expect(again.status).toBe(204);
  });

  it("streams the runs of a project, and goes on after the last event seen", async () => {
    const ids: string[] = [];
    let lastId = "";
    {
      await using stream = await openStream(`${rig.base}/runs/events?userId=bob`);
      await tell("ada");
      const runId = await tell("bob");
      for await (const { id, data } of stream.events) {
        const run = data as { id: string; userId: string; status: string };
        expect(run.userId).toBe("bob");
        if (run.id === runId) ids.push(run.status);
        lastId = id;
        if (run.id === runId && run.status === "succeeded") break;
      }
    }
    expect(ids).toContain("succeeded");
    const missed = await tell("bob");
    await rig.waitForEnd(missed);
    await using resumed = await openStream(`${rig.base}/runs/events?userId=bob`, lastId);
    for await (const { data } of resumed.events) {
      if ((data as { id: string }).id === missed) break;
    }
  });

  it("ends open streams when the server stops", async () => {
    const own = await startTestTenon();
    try {
      const response = await fetch(`${own.url}/api/projects/${own.projectId}/runs/events`, {
        headers: { authorization: `Bearer ${own.instanceKey}` },
      });
      expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
      const [text] = await Promise.all([response.text(), own.tenon.stop()]);
      expect(text).toMatch(/^retry: \d+\n\n/);
    } finally {
      await own[Symbol.asyncDispose]().catch(() => {});
    }
  });
});

describe("Paragon's Task History API", () => {
  const path = () => `/projects/${tenon.projectId}/task-history/workflow-executions`;

  it("lists executions with its filters, counts them, and links to the next page", async () => {
    const id = await rig.waitForEnd(await tell("ada")).then((run) => run.id);
    const page = await tenon.manage(
      "GET",
      `${path()}?userId=ada&workflowId=${told}&integration=notion&status=SUCCEEDED&sortBy=DESC`,
    );
    const { workflowExecutions, total } = page;
    expect(workflowExecutions[0]).toEqual({
      id,
      userId: "ada",
      workflowId: told,
      status: "SUCCEEDED",
      taskCount: 1,
      runDuration: expect.any(Number),
      dateStarted: expect.any(String),
      dateEnded: expect.any(String),
    });
    expect(total).toBe(workflowExecutions.length);
    expect(page.nextLink).toBeNull();
    const shifted = await tenon.manage("GET", `${path()}?userId=ada&status=SUCCEEDED&offset=1`);
    expect(shifted.workflowExecutions[0].id).not.toBe(id);
    const later = await tenon.manage("GET", `${path()}?afterDate=2999-01-01`);
    expect(later).toEqual({ workflowExecutions: [], nextLink: null, total: 0 });
  });

  it("links from page to page until all were seen", async () => {
    const rows = Array.from({ length: 105 }, () => tell("bob"));
    await Promise.all(rows);
    const seen = new Set<string>();
    let link: string | null = `${tenon.url}${path()}?userId=bob`;
    let pages = 0;
    while (link !== null) {
      const { pathname, search } = new URL(link);
      const page: any = await tenon.manage("GET", pathname + search);
      for (const one of page.workflowExecutions) seen.add(one.id);
      link = page.nextLink;
      pages += 1;
      if (link === null) expect(seen.size).toBe(page.total);
    }
    expect(pages).toBe(Math.ceil(seen.size / 100));
    expect(seen.size).toBeGreaterThan(104);
  });

  it("shows an execution with its trigger and steps, each with what it followed", async () => {
    const { id } = await rig.waitForEnd(await tell("ada"));
    const execution = await tenon.manage("GET", `${path()}/${id}`);
    const [trigger, step] = execution.stepExecutions;
    expect(trigger).toMatchObject({ type: "TRIGGER/EVENT", prev: null, next: [step.id] });
    expect(step).toMatchObject({
      stepId: "tell",
      workflowExecutionId: id,
      status: "SUCCEEDED",
      type: "ACTION/REQUEST",
      prev: trigger.id,
      next: [],
      inputSize: expect.any(Number),
      outputSize: expect.any(Number),
    });
    const detail = await tenon.manage("GET", `${path()}/${id}/step-executions/${step.id}`);
    expect(detail).toMatchObject({ isLargeInput: false, isLargeOutput: false });
    expect(detail.output.response.body).toEqual({ ok: true });
    const start = await tenon.manage("GET", `${path()}/${id}/step-executions/${trigger.id}`);
    expect(start.output).toEqual({ title: "Hello" });
    const none = await call("GET", `${path()}/${id}/step-executions/nope`);
    expect([none.status, none.body.code]).toEqual([404, "step_not_found"]);
  });

  it("calls a waiting run DELAYED and a cancelled one FAILED", async () => {
    const runId = await startWaiting("Delayed");
    const delayed = await tenon.manage("GET", `${path()}?status=DELAYED`);
    expect(delayed.workflowExecutions.map((one: any) => one.id)).toContain(runId);
    await tenon.manage("POST", `${rig.base}/runs/${runId}/cancel`);
    await expect
      .poll(async () => (await tenon.manage("GET", `${path()}/${runId}`)).status)
      .toBe("FAILED");
  });

  it("replays an execution and answers 201", async () => {
    const { id } = await rig.waitForEnd(await tell("ada", { title: "Replayed" }));
    const answer = await call("POST", `${path()}/${id}/replay`);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ userId: "ada", workflowId: told, status: "EXECUTING" });
    const run = await rig.waitForEnd(answer.body.id);
    expect(run).toMatchObject({ replayOf: id, input: { title: "Replayed" } });
  });

  it("takes API keys only", async () => {
    const token = await tenon.signToken("ada");
    const answer = await tenon.call(path(), { token });
    expect([answer.status, answer.body.code]).toEqual([401, "api_key_invalid"]);
  });
});

/** Opens a stream of events; given up at the end of the block. */
async function openStream(path: string, lastEventId?: string) {
  const giveUp = new AbortController();
  const response = await fetch(`http://127.0.0.1:${tenon.port}${path}`, {
    signal: giveUp.signal,
    headers: {
      authorization: `Bearer ${tenon.instanceKey}`,
      ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
    },
  });
  if (!response.ok || !response.body) throw new Error(await response.text());
  return {
    events: readEvents(response.body),
    async [Symbol.asyncDispose]() {
      giveUp.abort();
    },
  };
}
