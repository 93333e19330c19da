import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestTenon } from "../test-tenon.ts";
import { type Receiver, startDescribedTenon, startReceiver } from "../workflows.ts";
import {
  act,
  createNotionRig,
  createRuns,
  type NotionRig,
  onEvent,
  startGate,
  type StepInput,
  tell,
  waitAt,
} from "./workflow-faults-rig.ts";

let tenon: TestTenon;
let receiver: Receiver;
let gate: Awaited<ReturnType<typeof startGate>>;
let runs: ReturnType<typeof createRuns>;
let notion: NotionRig;
let root: string;
let users = 0;
beforeAll(async () => {
  [tenon, receiver, gate] = await Promise.all([
    startDescribedTenon(),
    startReceiver(),
    startGate(),
  ]);
  runs = createRuns(tenon);
  notion = createNotionRig(tenon.localNotion.url);
  root = await notion.findRoot();
});
afterAll(async () => {
  await gate?.[Symbol.asyncDispose]();
  await tenon?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});

function call(method: string, path: string, body?: unknown) {
  const content = body === undefined ? {} : { body };
  return tenon.call(path, { method, token: tenon.instanceKey, ...content });
}

/** What the receiver was told under a name. */
function toldOf(name: string) {
  return receiver.got.map(({ body }) => JSON.parse(body)).filter((one) => one.name === name);
}

/** A run that stands in the middle: after its first step, before those given. */
async function startHeld(steps: (name: string) => StepInput[]) {
  const userId = `user-${++users}`;
  const name = `held-${users}`;
  await runs.connect(userId);
  const { workflowId, event } = await runs.deploy([waitAt(gate, name), ...steps(name)], [userId]);
  const runId = await runs.send(event, {}, userId);
  await gate.waitFor(name);
  return { userId, name, workflowId, event, runId, path: `${runs.base}/workflows/${workflowId}` };
}

const tellName = (name: string) => [tell(receiver, { name })];
const getSelf = (name: string) => [act("me", "get-bot-user", {}), tell(receiver, { name })];

async function connectionOf(userId: string) {
  const { connections } = await tenon.manage("GET", `${runs.base}/users/${userId}`);
  return connections[0];
}

async function disconnect(userId: string) {
  const path = `/projects/${tenon.projectId}/sdk/integrations/${tenon.integrationId}`;
  const token = await tenon.signToken(userId);
  expect((await tenon.call(path, { token, method: "DELETE" })).status).toBe(200);
}

describe("in the middle of a run", () => {
  it("a deploy changes nothing of it: the next run is of the new version", async () => {
    const held = await startHeld(tellName);
    const { revision } = await tenon.manage("GET", `${held.path}/draft`);
    const definition = onEvent(held.event, [tell(receiver, { name: held.name, version: 2 })]);
    await tenon.manage("PUT", `${held.path}/draft`, { revision, definition });
    await tenon.manage("POST", `${held.path}/deploy`);
    gate.open(held.name);
    expect((await runs.waitForEnd(held.runId)).status).toBe("succeeded");
    expect(toldOf(held.name)).toEqual([{ name: held.name }]);
    await runs.waitForEnd(await runs.send(held.event, {}, held.userId));
    expect(toldOf(held.name)).toEqual([{ name: held.name }, { name: held.name, version: 2 }]);
  });

  it("undeploying lets it go on and starts no other", async () => {
    const held = await startHeld(tellName);
    await tenon.manage("POST", `${held.path}/undeploy`);
    const { runs: none } = await tenon.manage("POST", `${runs.base}/users/${held.userId}/events`, {
      name: held.event,
    });
    expect(none).toEqual([]);
    gate.open(held.name);
    expect((await runs.waitForEnd(held.runId)).status).toBe("succeeded");
    expect(toldOf(held.name)).toHaveLength(1);
  });

  it("disabling lets it go on and starts no other", async () => {
    const held = await startHeld(tellName);
    const path = `${runs.base}/users/${held.userId}`;
    await tenon.manage("PUT", `${path}/workflows/${held.workflowId}`, { enabled: false });
    const answer = await tenon.manage("POST", `${path}/events`, { name: held.event });
    expect(answer).toEqual({ runs: [] });
    gate.open(held.name);
    expect((await runs.waitForEnd(held.runId)).status).toBe("succeeded");
    expect(toldOf(held.name)).toHaveLength(1);
  });

  it("deleting the workflow cancels it: the step under way ends, none follows", async () => {
    const held = await startHeld(tellName);
    expect(await tenon.manage("DELETE", held.path)).toEqual({ cancelledRuns: 1 });
    gate.open(held.name);
    const run = await runs.waitForEnd(held.runId);
    expect(run).toMatchObject({ status: "cancelled", error: { code: "cancelled" } });
    expect(toldOf(held.name)).toEqual([]);
    const gone = await call("POST", `${runs.base}/users/${held.userId}/events`, {
      name: held.event,
    });
    expect([gone.status, gone.body]).toEqual([201, { runs: [] }]);
  });

  it("deleting the workflow ends a write that is under way, and says in history that it was made", async () => {
    const userId = `user-${++users}`;
    await runs.connect(userId);
    const name = `writes-${users}`;
    const { workflowId, event } = await runs.deploy(
      [
        {
          id: "hold",
          type: "request",
          method: "POST",
          url: `${gate.url}/${name}`,
          bodyType: "json",
          body: {},
        },
        tell(receiver, { name }),
      ],
      [userId],
    );
    const runId = await runs.send(event, {}, userId);
    await gate.waitFor(name);
    await tenon.manage("DELETE", `${runs.base}/workflows/${workflowId}`);
    gate.open(name);
    const run = await runs.waitForEnd(runId);
    expect(run.status).toBe("cancelled");
    expect(run.steps[0]).toMatchObject({ stepId: "hold", status: "succeeded" });
    expect([gate.count(name), toldOf(name)]).toEqual([1, []]);
  });

  it("disconnecting fails its next step at the provider, and says why", async () => {
    const held = await startHeld(getSelf);
    await disconnect(held.userId);
    gate.open(held.name);
    const run = await runs.waitForEnd(held.runId);
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "connection_not_found", stepId: "me" },
    });
    expect(run.error.message).toMatch(/removed|disconnected|no longer/i);
    expect(toldOf(held.name)).toEqual([]);
    const answer = await call("POST", `${runs.base}/users/${held.userId}/events`, {
      name: held.event,
    });
    expect([answer.status, answer.body]).toEqual([201, { runs: [] }]);
  });

  it("disconnecting lets steps that need no account go on", async () => {
    const held = await startHeld(tellName);
    await disconnect(held.userId);
    gate.open(held.name);
    expect((await runs.waitForEnd(held.runId)).status).toBe("succeeded");
    expect(toldOf(held.name)).toHaveLength(1);
  });

  it("an account whose access was taken away fails its step, and every later start", async () => {
    const held = await startHeld(getSelf);
    await notion.revokeAll();
    gate.open(held.name);
    const run = await runs.waitForEnd(held.runId);
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "connection_invalid", stepId: "me" },
    });
    expect((await connectionOf(held.userId)).status).toBe("INVALID");
    const answer = await tenon.manage("POST", `${runs.base}/users/${held.userId}/events`, {
      name: held.event,
    });
    expect(answer).toEqual({ runs: [] });
    const asked = await runs.deploy([], []);
    const called = await runs.create("Called", {
      trigger: { id: "call", type: "request" },
    });
    await tenon.manage("POST", `${runs.base}/workflows/${called}/deploy`);
    const path = `${runs.base}/users/${held.userId}/workflows`;
    const refused = await call("POST", `${path}/${called}/runs`, {});
    expect([refused.status, refused.body.code]).toEqual([409, "connection_invalid"]);
    const test = await call("POST", `${runs.base}/workflows/${asked.workflowId}/test`, {
      account: { userId: held.userId },
    });
    expect([test.status, test.body.code]).toEqual([409, "connection_invalid"]);
    const replay = await call("POST", `${runs.base}/runs/${held.runId}/replay`, {});
    expect([replay.status, replay.body.code]).toEqual([409, "connection_invalid"]);
  });

  it("switching the integration off starts no more runs, and lets this one end clearly", async () => {
    const held = await startHeld(getSelf);
    const path = `${runs.base}/integrations/notion`;
    await tenon.manage("PUT", path, { isActive: false });
    try {
      const answer = await tenon.manage("POST", `${runs.base}/users/${held.userId}/events`, {
        name: held.event,
      });
      expect(answer).toEqual({ runs: [] });
      gate.open(held.name);
      expect((await runs.waitForEnd(held.runId)).status).toBe("succeeded");
      expect(toldOf(held.name)).toHaveLength(1);
    } finally {
      await tenon.manage("PUT", path, { isActive: true });
    }
  });

  it("its settings, its event and its user's metadata stay as they were at its start", async () => {
    const userId = `user-${++users}`;
    await runs.connect(userId);
    const token = await tenon.signToken(userId);
    const me = `/projects/${tenon.projectId}/sdk/me`;
    await tenon.call(me, { token, method: "PATCH", body: { meta: { plan: "pro" } } });
    const name = `meta-${users}`;
    const { workflowId, event } = await runs.deploy(
      [waitAt(gate, name), tell(receiver, { name, plan: "{{user.meta.plan}}" })],
      [userId],
    );
    const runId = await runs.send(event, {}, userId);
    await gate.waitFor(name);
    await tenon.call(me, { token, method: "PATCH", body: { meta: { plan: "free" } } });
    const permissions = {
      operator: "$stringExactlyMatches",
      variable: "{{user.meta.plan}}",
      argument: "pro",
    };
    await tenon.manage("PATCH", `${runs.base}/workflows/${workflowId}`, { permissions });
    const { events } = await tenon.manage("GET", `${runs.base}/app-events`);
    const { id } = events.find((one: any) => one.name === event);
    await call("DELETE", `${runs.base}/app-events/${id}?force=true`);
    gate.open(name);
    expect((await runs.waitForEnd(runId)).status).toBe("succeeded");
    expect(toldOf(name)).toEqual([{ name, plan: "pro" }]);
  });

  it("a secret that is deleted by force is nothing from the next start on", async () => {
    const secret = await tenon.manage("POST", `${runs.base}/secrets`, {
      name: "GOES",
      value: "value-that-goes",
    });
    const held = await startHeld((name) => [tell(receiver, { name, key: "{{secrets.GOES}}" })]);
    const refused = await call("DELETE", `${runs.base}/secrets/${secret.id}`);
    expect([refused.status, refused.body.code]).toEqual([409, "secret_in_use"]);
    await call("DELETE", `${runs.base}/secrets/${secret.id}?force=true`);
    gate.open(held.name);
    await runs.waitForEnd(held.runId);
    await runs.waitForEnd(await runs.send(held.event, {}, held.userId));
    expect(toldOf(held.name)).toEqual([
      { name: held.name, key: "value-that-goes" },
      { name: held.name },
    ]);
  });

  it("the wait of a delay survives deploying, disabling and undeploying", async () => {
    const userId = `user-${++users}`;
    await runs.connect(userId);
    const name = `delayed-${users}`;
    const { workflowId, event } = await runs.deploy(
      [{ id: "wait", type: "delay", value: 2, unit: "seconds" }, tell(receiver, { name })],
      [userId],
    );
    const runId = await runs.send(event, {}, userId);
    await tenon.manage("POST", `${runs.base}/workflows/${workflowId}/deploy`);
    await tenon.manage("PUT", `${runs.base}/users/${userId}/workflows/${workflowId}`, {
      enabled: false,
    });
    await tenon.manage("POST", `${runs.base}/workflows/${workflowId}/undeploy`);
    expect((await runs.waitForEnd(runId)).status).toBe("succeeded");
    expect(toldOf(name)).toHaveLength(1);
  });

  it("a page is not made twice where the workflow is cancelled while it is made", async () => {
    const userId = `user-${++users}`;
    await runs.connect(userId);
    const parent = await notion.makePage(root, "Cancelled meanwhile");
    await notion.fault({ method: "POST", path: "/v1/pages", times: 1 }, { delayMs: 1_500 });
    const { event } = await runs.deploy(
      [act("make", "create-page", { parent, title: "Made" }), tell(receiver, { name: "never" })],
      [userId],
    );
    const runId = await runs.send(event, {}, userId);
    await expect.poll(() => notion.countStruck("/v1/pages")).toBe(1);
    await tenon.manage("POST", `${runs.base}/runs/${runId}/cancel`);
    const run = await runs.waitForEnd(runId);
    expect(run.status).toBe("cancelled");
    expect(run.steps[0]).toMatchObject({ stepId: "make", status: "succeeded" });
    expect(await notion.titlesBelow(parent)).toEqual(["Made"]);
    expect(toldOf("never")).toEqual([]);
    await notion.clearFaults();
  });
});

describe("limits of runs at a time", () => {
  async function setPolicy(runPolicy: object) {
    await tenon.manage("PATCH", `/api/projects/${tenon.projectId}`, { runPolicy });
  }

  it("of a user and of the project hold, and what waits in line runs later, once", async () => {
    const [ada, bob, cleo] = ["limit-ada", "limit-bob", "limit-cleo"] as const;
    for (const userId of [ada, bob, cleo]) await runs.connect(userId);
    const name = "limited";
    const { event } = await runs.deploy(
      [waitAt(gate, name), tell(receiver, { name, run: "{{start.number}}" })],
      [ada, bob, cleo],
    );
    await setPolicy({ perUser: 1, perProject: 2 });
    const ids: string[] = [];
    for (let number = 0; number < 4; number += 1) ids.push(await runs.send(event, { number }, ada));
    ids.push(await runs.send(event, { number: 4 }, bob));
    ids.push(await runs.send(event, { number: 5 }, cleo));
    await gate.waitFor(name, 2);
    const statuses = await Promise.all(ids.map(async (id) => (await runs.getRun(id)).status));
    expect(statuses).toEqual(["running", "queued", "queued", "queued", "running", "queued"]);
    expect(gate.count(name)).toBe(2);
    gate.open(name);
    for (const id of ids) expect((await runs.waitForEnd(id)).status).toBe("succeeded");
    expect(
      toldOf(name)
        .map((one) => one.run)
        .toSorted((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5]);
    await setPolicy({ perUser: null, perProject: null });
  });

  it("that are no limits are refused", async () => {
    for (const runPolicy of [{ perUser: 0 }, { perProject: -1 }, { perUser: "many" }, { x: 1 }]) {
      const answer = await call("PATCH", `/api/projects/${tenon.projectId}`, { runPolicy });
      expect([answer.status, answer.body.code]).toEqual([400, "invalid_request"]);
    }
  });
});
