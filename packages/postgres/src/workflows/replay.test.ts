import {
  createEngine,
  type StepContext,
  type StepExecutor,
  StepFailure,
  type WorkflowUser,
} from "@tenon/runtime";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createRunStore } from "./run-store.ts";
import {
  addConnection,
  addUser,
  createLifecycleRig,
  createTestProject,
  definitionWith,
  deployed,
  type EngineParts,
  type LifecycleRig,
  requestTrigger,
  type TestProject,
} from "./testing/lifecycle-rig.ts";

let database: TestDatabase;
let rig: LifecycleRig;
let project: TestProject;
let user: WorkflowUser;
let connectionId: string;

/** What function steps did: `<code> <parameters>`. */
let done: string[] = [];
/** Idempotency keys, in the order of the calls. */
let keys: string[] = [];
let failing = new Set<string>();

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createLifecycleRig(database, { createEngine: createTestEngine });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  project = await createTestProject(rig);
  user = await addUser(rig, project, { plan: "pro" });
  ({ connectionId } = await addConnection(rig, project, user));
  done = [];
  keys = [];
  failing = new Set();
});

/** The engine itself; its function steps answer their parameters. */
function createTestEngine({ plans, changeFeed }: EngineParts) {
  const { kysely: db, connectionConfig } = database;
  const limits = { perProject: 100, perUser: 100 };
  const echo: StepExecutor = {
    effectOf: () => ({ effect: "read", repeatable: true }),
    async run({ input, planned, idempotencyKey }: StepContext) {
      keys.push(idempotencyKey);
      const code = planned.step.type === "function" ? planned.step.code : planned.step.type;
      done.push(`${code} ${JSON.stringify(input["parameters"])}`);
      if (failing.has(code)) throw new StepFailure("function_failed", `${code} failed.`);
      return { result: input["parameters"] };
    },
  };
  return createEngine({
    store: createRunStore({ db, connectionConfig, changeFeed, limits }),
    readPlan: (version) => plans.readPlan(version),
    readSecrets: async () => ({}),
    readAccessToken: async () => "token",
    executors: {
      function: echo,
      request: echo,
      action: echo,
      integrationRequest: echo,
      response: echo,
    },
    log: { info() {}, warn() {}, error() {} },
  });
}

function call(id: string, parameters: Record<string, string>, next: string | null = null) {
  return { id, type: "function", code: id, parameters, next } as const;
}

const chain = definitionWith(requestTrigger, [
  call("a", { value: "{{start.request.body.value}}" }, "b"),
  call("b", { value: "{{a.result.value}}" }, "c"),
  call("c", { value: "{{b.result.value}}", plan: "{{user.meta.plan}}" }),
]);

async function finished(runId: string) {
  const over = ["succeeded", "failed", "cancelled"];
  await expect
    .poll(async () =>
      over.includes((await rig.history.get(project.projectId, runId))?.status ?? ""),
    )
    .toBe(true);
  const run = await rig.history.get(project.projectId, runId);
  if (run === undefined) throw new Error(`There is no run ${runId}.`);
  return run;
}

/** A run of a deployed workflow that failed at its second step. */
async function stoppedAtB() {
  const workflow = await deployed(rig, project, chain);
  await rig.enrollments.enable(user, workflow.id);
  failing.add("b");
  const { runId } = await rig.starts.callWorkflow(user, {
    workflowId: workflow.id,
    method: "POST",
    headers: {},
    params: {},
    body: { value: "V" },
  });
  expect(await finished(runId)).toMatchObject({ status: "failed", error: { stepId: "b" } });
  return { workflow, runId };
}

test("a draft is tested as a user, on a snapshot that stays what was tested", async () => {
  const { projectId, integrationId } = project;
  const { id } = await rig.workflows.create(projectId, integrationId, {
    title: "Draft",
    definition: { ...chain },
  });
  const input = { request: { body: { value: "T" } } };
  const started = await rig.starts.testWorkflow(projectId, id, {
    account: { userId: user.externalId },
    input,
  });
  const run = await finished(started.runId);
  expect(run).toMatchObject({ status: "succeeded", test: true, input, workflowId: id });
  expect(done.at(-1)).toBe('c {"value":"T","plan":"pro"}');
  const again = await rig.starts.testWorkflow(projectId, id, {
    account: { connectionId },
    input,
  });
  expect((await finished(again.runId)).versionId).toBe(run.versionId);
  await rig.workflows.saveDraft(projectId, id, {
    revision: 1,
    definition: { ...definitionWith(requestTrigger, [call("x", {})]) },
  });
  const other = await rig.starts.testWorkflow(projectId, id, { account: { connectionId } });
  expect((await finished(other.runId)).versionId).not.toBe(run.versionId);
  expect(await rig.workflows.listVersions(projectId, id)).toEqual([]);
});

test("a test of a draft with problems, or for nobody, is refused", async () => {
  const { projectId, integrationId } = project;
  const { id } = await rig.workflows.create(projectId, integrationId, { title: "Draft" });
  const account = { userId: user.externalId };
  await expect(rig.starts.testWorkflow(projectId, id, { account })).rejects.toMatchObject({
    code: "workflow_invalid",
  });
  const fine = await deployed(rig, project, chain);
  const refused = (test: Parameters<typeof rig.starts.testWorkflow>[2], code: string) =>
    expect(rig.starts.testWorkflow(projectId, fine.id, test)).rejects.toMatchObject({ code });
  await refused({ account: { userId: "nobody" } }, "user_not_found");
  await refused({ account: { ...account, connection: "none" } }, "connection_not_found");
  const elsewhere = await createTestProject(rig);
  const stranger = await addUser(rig, elsewhere);
  const foreign = await addConnection(rig, elsewhere, stranger);
  await refused({ account: { connectionId: foreign.connectionId } }, "connection_not_found");
  await refused({ account: { userId: stranger.externalId } }, "user_not_found");
  await rig.db
    .updateTable("connections")
    .set({ status: "INVALID" })
    .where("id", "=", connectionId)
    .execute();
  await refused({ account }, "connection_invalid");
});

test("one step is tested with outputs that are given, or those of the newest test run", async () => {
  const { projectId } = project;
  const { id } = await deployed(rig, project, chain);
  const account = { userId: user.externalId };
  const given = await rig.starts.testStep(projectId, id, "c", {
    account,
    outputs: { b: { result: { value: "given" } } },
  });
  await finished(given.runId);
  expect(done).toEqual(['c {"value":"given","plan":"pro"}']);
  const whole = await rig.starts.testWorkflow(projectId, id, {
    account,
    input: { request: { body: { value: "W" } } },
  });
  await finished(whole.runId);
  done = [];
  await finished((await rig.starts.testStep(projectId, id, "c", { account })).runId);
  expect(done).toEqual(['c {"value":"W","plan":"pro"}']);
  done = [];
  await finished((await rig.starts.testStep(projectId, id, "a", { account })).runId);
  expect(done).toEqual(['a {"value":"W"}']);
  const fromRunId = whole.runId;
  const elsewhere = await deployed(rig, project, chain);
  await expect(
    rig.starts.testStep(projectId, elsewhere.id, "c", { account, fromRunId }),
  ).rejects.toMatchObject({ code: "run_not_found" });
  await expect(rig.starts.testStep(projectId, id, "z", { account })).rejects.toMatchObject({
    code: "step_not_found",
    status: 404,
  });
});

test("a step is tested while others are unfinished, but not with problems of its own", async () => {
  const { projectId, integrationId } = project;
  const { id } = await rig.workflows.create(projectId, integrationId, { title: "Draft" });
  const definition = {
    trigger: { ...requestTrigger, next: "a" },
    steps: [
      { id: "a", type: "request", next: "x" },
      { id: "x", type: "function", code: "x", parameters: { y: "{{broken" }, next: "b" },
      call("b", { value: "{{1.request.body.value}}", x: "{{3.result}}" }, "c"),
      { id: "c", type: "function", next: "gone" },
      call("d", { value: "{{nothing.at.all}}" }),
    ],
  };
  await rig.workflows.saveDraft(projectId, id, { revision: 1, definition });
  const test = {
    account: { userId: user.externalId },
    input: { request: { body: { value: "early" } } },
  };
  const outputs = { x: { result: "given" } };
  await finished((await rig.starts.testStep(projectId, id, "b", { ...test, outputs })).runId);
  expect(done).toEqual(['b {"value":"early","x":"given"}']);
  await expect(rig.starts.testStep(projectId, id, "c", test)).rejects.toMatchObject({
    code: "workflow_invalid",
    details: { problems: [{ stepId: "c" }] },
  });
  // Nothing leads to it.
  await expect(rig.starts.testStep(projectId, id, "d", test)).rejects.toMatchObject({
    code: "workflow_invalid",
  });
});

test("a failed run is replayed from the step that failed, or from the start", async () => {
  const { projectId } = project;
  const { workflow, runId } = await stoppedAtB();
  failing.clear();
  done = [];
  keys = [];
  const resumed = await rig.starts.replay(projectId, runId, { version: "same", from: "failed" });
  expect(await finished(resumed.runId)).toMatchObject({
    status: "succeeded",
    replayOf: runId,
    input: { request: { body: { value: "V" } } },
    versionId: workflow.deployed?.versionId,
  });
  expect(done).toEqual(['b {"value":"V"}', 'c {"value":"V","plan":"pro"}']);
  // Whoever got the request that failed recognises it.
  expect(keys).toEqual([`${runId}:b`, `${runId}:c`]);
  done = [];
  keys = [];
  const whole = await rig.starts.replay(projectId, runId, { version: "same", from: "start" });
  await finished(whole.runId);
  expect(done.map((line) => line[0])).toEqual(["a", "b", "c"]);
  expect(keys[0]).toBe(`${whole.runId}:a`);
});

test("a replay with the newest version does again what was changed", async () => {
  const { projectId } = project;
  const { workflow, runId } = await stoppedAtB();
  const changed = definitionWith(requestTrigger, [
    call("a", { value: "new {{start.request.body.value}}" }, "b"),
    call("b", { value: "{{a.result.value}}" }),
  ]);
  await rig.workflows.saveDraft(projectId, workflow.id, {
    revision: 1,
    definition: { ...changed },
  });
  const { deployed: version } = await rig.workflows.deploy(projectId, workflow.id);
  failing.clear();
  done = [];
  const replayed = await rig.starts.replay(projectId, runId, { version: "newest", from: "failed" });
  expect((await finished(replayed.runId)).versionId).toBe(version?.versionId);
  expect(done).toEqual(['a {"value":"new V"}', 'b {"value":"new V"}']);
  await rig.workflows.undeploy(projectId, workflow.id);
  await expect(
    rig.starts.replay(projectId, runId, { version: "newest", from: "start" }),
  ).rejects.toMatchObject({ code: "workflow_not_deployed" });
  const again = await rig.starts.replay(projectId, runId, { version: "same", from: "start" });
  expect(again.workflowId).toBe(workflow.id);
});

test("runs of others, and of accounts that are gone, are not replayed", async () => {
  const { projectId } = project;
  const { runId } = await stoppedAtB();
  const options = { version: "same", from: "start" } as const;
  const elsewhere = await createTestProject(rig);
  await expect(rig.starts.replay(elsewhere.projectId, runId, options)).rejects.toMatchObject({
    code: "run_not_found",
    status: 404,
  });
  await rig.connections.remove({ projectId, userId: user.id }, connectionId);
  await expect(rig.starts.replay(projectId, runId, options)).rejects.toMatchObject({
    code: "connection_not_found",
  });
});
