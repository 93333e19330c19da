import type { WorkflowCall, WorkflowUser } from "@tenon/runtime";
import { Definition } from "@tenon/workflow";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addConnection,
  addUser,
  createLifecycleRig,
  createTestProject,
  definitionWith,
  deployed,
  type LifecycleRig,
  requestTrigger,
  type TestProject,
} from "./testing/lifecycle-rig.ts";

let database: TestDatabase;
let rig: LifecycleRig;
let other: LifecycleRig;
let project: TestProject;
let user: WorkflowUser;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createLifecycleRig(database);
  other = await createLifecycleRig(database, { keyRing: rig.keyRing });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  project = await createTestProject(rig);
  user = await addUser(rig, project, { plan: "pro" });
  rig.engine.runs.clear();
  rig.engine.starts.length = 0;
});

const onEvent = definitionWith({ id: "start", type: "event", event: "order.created" });

function call(workflowId: string, more: Partial<WorkflowCall> = {}): WorkflowCall {
  return { workflowId, method: "POST", headers: {}, params: {}, body: {}, ...more };
}

test("an event starts every workflow that has it and is enabled, for each configuration", async () => {
  const { projectId } = project;
  await rig.events.create(projectId, { name: "order.created" });
  const first = await addConnection(rig, project, user, { externalId: "one" });
  const second = await addConnection(rig, project, user, { externalId: "two" });
  const a = await deployed(rig, project, onEvent);
  const b = await deployed(rig, project, onEvent);
  await deployed(rig, project, onEvent);
  await rig.enrollments.enable(user, a.id, { connection: "one" });
  await rig.enrollments.enable(user, a.id, { connection: "two" });
  await rig.enrollments.enable(user, b.id, { connection: "two" });
  const started = await rig.starts.sendEvent(user, { name: "order.created", payload: { id: 7 } });
  expect(started).toHaveLength(3);
  const runs = started.map(({ runId }) => rig.engine.runs.get(runId));
  expect(runs.map((run) => [run?.workflowId, run?.connectionId])).toEqual([
    [a.id, first.connectionId],
    [a.id, second.connectionId],
    [b.id, second.connectionId],
  ]);
  expect(runs[0]).toMatchObject({
    projectId,
    versionId: a.deployed?.versionId,
    userId: user.id,
    triggerType: "event",
    input: { id: 7 },
    context: {
      user: { id: user.externalId, meta: { plan: "pro" } },
      connection: { id: first.connectionId, externalId: "one" },
    },
  });
  const selected = await rig.starts.sendEvent(
    user,
    { name: "order.created", payload: {} },
    { connection: "ext:one" },
  );
  expect(selected).toMatchObject([{ workflowId: a.id }]);
});

test("an event of one user starts nothing of another's", async () => {
  const { projectId } = project;
  await rig.events.create(projectId, { name: "order.created" });
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, onEvent);
  await rig.enrollments.enable(user, id);
  const stranger = await addUser(rig, project);
  await addConnection(rig, project, stranger);
  const event = { name: "order.created", payload: {} };
  expect(await rig.starts.sendEvent(stranger, event)).toEqual([]);
  await expect(
    rig.starts.sendEvent(stranger, event, { connection: "nobody's" }),
  ).rejects.toMatchObject({ code: "connection_not_found" });
});

test("unknown events, payloads that are no object and those above 1 MB are refused", async () => {
  const { projectId } = project;
  const send = (name: string, payload: unknown) => rig.starts.sendEvent(user, { name, payload });
  await expect(send("order.created", {})).rejects.toMatchObject({
    code: "event_not_found",
    status: 404,
    message: expect.stringContaining("order.created"),
  });
  await other.events.create(projectId, { name: "order.created" });
  expect(await send("order.created", {})).toEqual([]);
  await expect(send("order.created", { x: "x".repeat(1_048_576) })).rejects.toMatchObject({
    code: "payload_too_large",
    status: 413,
  });
  for (const payload of [null, [], "text", 7, undefined]) {
    await expect(send("order.created", payload)).rejects.toMatchObject({ code: "invalid_request" });
  }
});

test("the same idempotency key starts the same runs, on any process; another key others", async () => {
  await rig.events.create(project.projectId, { name: "order.created" });
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, onEvent);
  await rig.enrollments.enable(user, id);
  const send = (where: LifecycleRig, idempotencyKey?: string) =>
    where.starts.sendEvent(user, { name: "order.created", payload: {}, idempotencyKey });
  const answers = await Promise.all([send(rig, "k"), send(other, "k"), send(rig, "k")]);
  const ids = new Set(answers.flat().map(({ runId }) => runId));
  expect(ids.size).toBe(1);
  expect([...ids][0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  const [another] = await send(rig, "other");
  const [first] = await send(rig);
  const [second] = await send(rig);
  const all = [...ids, another?.runId, first?.runId, second?.runId];
  expect(new Set(all).size).toBe(4);
  await expect(send(rig, "x".repeat(501))).rejects.toMatchObject({ code: "invalid_request" });
});

test("a workflow is called with its request, without the caller's credentials", async () => {
  const { configurationId } = await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, requestWith());
  await rig.enrollments.enable(user, id);
  const answer = await rig.starts.callWorkflow(
    user,
    call(id, {
      headers: { Authorization: "Bearer x", Cookie: "a=b", "X-Many": ["a", "b"] },
      params: { page: "1", tag: ["a", "b"] },
      body: { ok: true },
    }),
  );
  expect(answer).toMatchObject({ workflowId: id, hasResponseStep: true });
  expect(rig.engine.runs.get(answer.runId)).toMatchObject({
    configurationId,
    triggerType: "request",
    input: {
      request: {
        method: "POST",
        headers: { "x-many": "a, b" },
        params: { page: "1", tag: ["a", "b"] },
        body: { ok: true },
      },
    },
  });
  const input = JSON.stringify(rig.engine.runs.get(answer.runId)?.input);
  expect(input).not.toMatch(/authorization|cookie|Bearer/i);
});

function requestWith(validation = {}) {
  return definitionWith({ ...requestTrigger, validation }, [{ id: "answer", type: "response" }]);
}

test("all rules that a call does not meet are told at once", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(
    rig,
    project,
    requestWith({
      params: [{ key: "page", required: true, type: "number" }],
      headers: [{ key: "X-Kind", required: true, equals: "order" }],
      body: [
        { key: "order.id", required: true },
        { key: "tags", type: "array" },
      ],
    }),
  );
  await rig.enrollments.enable(user, id);
  await expect(
    rig.starts.callWorkflow(
      user,
      call(id, { params: { page: "x" }, headers: { "x-kind": "other" }, body: { tags: 7 } }),
    ),
  ).rejects.toMatchObject({
    code: "invalid_request",
    status: 400,
    details: {
      failures: [
        { in: "params", key: "page" },
        { in: "headers", key: "X-Kind" },
        { in: "body", key: "order.id" },
        { in: "body", key: "tags" },
      ],
    },
  });
  expect(rig.engine.starts).toEqual([]);
  const fine = {
    params: { page: "2" },
    headers: { "X-KIND": "order" },
    body: { order: { id: 1 }, tags: [] },
  };
  await rig.starts.callWorkflow(user, call(id, fine));
  expect(rig.engine.starts).toHaveLength(1);
});

test("what keeps a workflow from running is named", async () => {
  const { projectId, integrationId } = project;
  const { id } = await deployed(rig, project, requestWith());
  const refused = (code: string, status = 409) =>
    expect(rig.starts.callWorkflow(user, call(id))).rejects.toMatchObject({ code, status });
  await refused("connection_not_found", 404);
  const { connectionId } = await addConnection(rig, project, user);
  await refused("workflow_not_enabled");
  await rig.enrollments.enable(user, id);
  await rig.starts.callWorkflow(user, call(id));
  await rig.db
    .updateTable("connections")
    .set({ status: "INVALID", invalid_reason: "The access was taken back." })
    .where("id", "=", connectionId)
    .execute();
  await expect
    .poll(() => rig.starts.callWorkflow(user, call(id)).catch((error: unknown) => error))
    .toMatchObject({ code: "connection_invalid", message: expect.stringContaining("taken back") });
  await rig.db
    .updateTable("connections")
    .set({ status: "VALID" })
    .where("id", "=", connectionId)
    .execute();
  await rig.db
    .updateTable("integrations")
    .set({ is_active: false })
    .where("id", "=", integrationId)
    .execute();
  await expect
    .poll(() => rig.starts.callWorkflow(user, call(id)).catch((error: unknown) => error))
    .toMatchObject({ code: "integration_inactive" });
  await rig.db
    .updateTable("integrations")
    .set({ is_active: true })
    .where("id", "=", integrationId)
    .execute();
  await rig.workflows.update(projectId, id, {
    permissions: { operator: "$isNotUndefinedOrNull", variable: "{{user.meta.admin}}" },
  });
  await refused("workflow_not_permitted");
  await rig.workflows.undeploy(projectId, id);
  await refused("workflow_not_deployed");
  await rig.workflows.remove(projectId, id);
  await refused("workflow_not_found", 404);
  const elsewhere = await addUser(rig, await createTestProject(rig));
  await expect(rig.starts.callWorkflow(elsewhere, call(id))).rejects.toMatchObject({
    code: "workflow_not_found",
  });
});

test("what was enabled or deployed on another process a moment ago is not refused", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(other, project, requestWith());
  await expect(rig.starts.callWorkflow(user, call(id))).rejects.toMatchObject({
    code: "workflow_not_enabled",
  });
  await other.enrollments.enable(user, id);
  await rig.starts.callWorkflow(user, call(id));
  const again = await deployed(other, project, requestWith());
  await other.enrollments.enable(user, again.id);
  await rig.starts.callWorkflow(user, call(again.id));
});

test("what was disabled on another process is refused as soon as it is told", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, requestWith());
  await rig.enrollments.enable(user, id);
  await rig.starts.callWorkflow(user, call(id));
  await other.enrollments.disable(user, id);
  await expect
    .poll(() => rig.starts.callWorkflow(user, call(id)).catch((error: unknown) => error))
    .toMatchObject({ code: "workflow_not_enabled" });
});

test("a call that is repeated reads nothing from the database but what the engine writes", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, requestWith());
  await rig.enrollments.enable(user, id);
  await rig.starts.callWorkflow(user, call(id));
  // Settling tells its last changes.
  await expect
    .poll(async () => {
      const before = await statementsOf();
      for (let count = 0; count < 50; count += 1) await rig.starts.callWorkflow(user, call(id));
      return (await statementsOf()) - before;
    })
    .toBe(0);
});

let statements = 0;

/** Queries that went through the test's pool so far. */
async function statementsOf(): Promise<number> {
  const { pool } = database;
  if (!counted.has(pool)) {
    counted.add(pool);
    pool.on("acquire", () => {
      statements += 1;
    });
  }
  return statements;
}
const counted = new WeakSet<object>();

test("a configuration is chosen by connection, configuration or both", async () => {
  const one = await addConnection(rig, project, user, { externalId: "one" });
  const two = await addConnection(rig, project, user, { externalId: "two" });
  const { id } = await deployed(rig, project, requestWith());
  const made = await rig.enrollments.createConfiguration(user, two.connectionId, {
    externalId: "extra",
  });
  const extra = made.configurations.find(({ isDefault }) => !isDefault)?.id;
  const selectors = [
    [{}, one.configurationId],
    [{ connection: "two" }, two.configurationId],
    [{ connection: two.connectionId, configuration: "extra" }, extra],
    [{ configuration: "ext:extra" }, extra],
    [{ configuration: extra }, extra],
  ] as const;
  for (const [selector] of selectors) await rig.enrollments.enable(user, id, selector);
  for (const [selector, expected] of selectors) {
    const { runId } = await rig.starts.callWorkflow(user, call(id, { selector }));
    expect(rig.engine.runs.get(runId)?.configurationId).toBe(expected);
  }
  await expect(
    rig.starts.callWorkflow(
      user,
      call(id, { selector: { connection: "one", configuration: "extra" } }),
    ),
  ).rejects.toMatchObject({ code: "configuration_not_found" });
});

test("a provider's event starts what has its trigger, once for each key", async () => {
  const { projectId } = project;
  const { connectionId, configurationId } = await addConnection(rig, project, user);
  // No connector's trigger is needed to route one.
  const definition = Definition.parse({
    trigger: {
      id: "start",
      type: "integration",
      trigger: "page-created",
      input: { parent: "{{settings.page}}" },
      next: null,
    },
    steps: [],
  });
  const { id } = await rig.workflows.create(projectId, project.integrationId, { title: "Route" });
  await rig.workflows.update(projectId, id, {
    userSettings: [{ id: "page", title: "Page", type: "TEXT_NO_VARS" }],
  });
  await rig.stores.workflows.deploy(projectId, id, { revision: 1, definition, name: null });
  const waiting = [{ listenerId: "l", workflowId: id, configurationId }];
  const event = {
    projectId,
    connectionId,
    key: "event-1",
    output: { result: { id: "p" } },
    isOwn: false,
    matches: async () => true,
  };
  expect(await rig.triggers.plan(event, waiting)).toEqual([]);
  await rig.enrollments.changeSettings(
    user,
    { connectionId },
    { workflowSettings: { [id]: { enabled: true, settings: { page: "P1" } } } },
  );
  const [first] = await rig.triggers.plan(event, waiting);
  const [again] = await other.triggers.plan(event, waiting);
  expect(again?.run.id).toBe(first?.run.id);
  expect(first).toMatchObject({
    listenerId: "l",
    run: {
      triggerType: "integration",
      input: { result: { id: "p" } },
      context: { settings: { page: "P1" } },
    },
  });
  const [next] = await rig.triggers.plan({ ...event, key: "event-2" }, waiting);
  expect(next?.run.id).not.toBe(first?.run.id);
  const matching = (page: string) =>
    rig.triggers.plan({ ...event, matches: async (_, { parent }) => parent === page }, waiting);
  expect(await matching("P1")).toHaveLength(1);
  expect(await matching("P2")).toEqual([]);
  expect(await rig.triggers.readInputs(event, waiting)).toEqual([
    { triggerId: "page-created", input: { parent: "P1" } },
  ]);
  const elsewhere = await createTestProject(rig);
  const stolen = { ...event, projectId: elsewhere.projectId };
  expect(await rig.triggers.plan(stolen, waiting)).toEqual([]);
});
