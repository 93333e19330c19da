import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addConnection,
  addUser,
  createLifecycleRig,
  createTestProject,
  definitionWith,
  deployed,
  everySecond,
  type LifecycleRig,
  requestTrigger,
  type TestProject,
} from "./testing/lifecycle-rig.ts";

let database: TestDatabase;
let rig: LifecycleRig;
let project: TestProject;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createLifecycleRig(database);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  project = await createTestProject(rig);
});

const simple = definitionWith(requestTrigger);

async function create(definition: Record<string, unknown> = { ...simple }) {
  const { projectId, integrationId } = project;
  return rig.workflows.create(projectId, integrationId, { title: "Sync", definition });
}

test("a workflow is made with an empty draft, is listed, changed and found again", async () => {
  const { projectId, integrationId } = project;
  const made = await rig.workflows.create(projectId, integrationId, { title: " Sync " });
  expect(made).toMatchObject({ title: "Sync", connectorId: "notion", deployed: null, order: 0 });
  const draft = await rig.workflows.readDraft(projectId, made.id);
  expect(draft).toMatchObject({ revision: 1, definition: { trigger: null, steps: [] } });
  expect(draft.problems).not.toEqual([]);
  const inputs = [{ id: "page", title: "Page", type: "TEXT_NO_VARS", required: true }] as const;
  const changed = await rig.workflows.update(projectId, made.id, {
    description: "Does it",
    infoText: "Info",
    hidden: true,
    userSettings: [...inputs],
  });
  expect(changed).toMatchObject({ description: "Does it", hidden: true, userSettings: inputs });
  expect(await rig.workflows.get(projectId, made.id)).toEqual(changed);
  expect(await rig.workflows.list(projectId)).toEqual([changed]);
});

test("workflows stand in the order they were put into", async () => {
  const { projectId, integrationId } = project;
  const ids = [(await create()).id, (await create()).id, (await create()).id];
  const [a = "", b = "", c = ""] = ids;
  const reordered = await rig.workflows.reorder(projectId, integrationId, [c, randomUUID(), a]);
  expect(reordered.map(({ id, order }) => [id, order])).toEqual([
    [c, 0],
    [a, 1],
    [b, 2],
  ]);
});

test("another project's ids answer as unknown ones do", async () => {
  const { id } = await deployed(rig, project, simple);
  const [version] = await rig.workflows.listVersions(project.projectId, id);
  const stranger = await createTestProject(rig);
  const asStranger = [
    () => rig.workflows.get(stranger.projectId, id),
    () => rig.workflows.update(stranger.projectId, id, { title: "Mine" }),
    () => rig.workflows.remove(stranger.projectId, id),
    () => rig.workflows.readDraft(stranger.projectId, id),
    () => rig.workflows.saveDraft(stranger.projectId, id, { revision: 1, definition: {} }),
    () => rig.workflows.deploy(stranger.projectId, id),
    () => rig.workflows.undeploy(stranger.projectId, id),
    () => rig.workflows.listVersions(stranger.projectId, id),
    () => rig.workflows.saveVersion(stranger.projectId, id, { name: "x" }),
    () => rig.workflows.restoreVersion(stranger.projectId, id, version?.id ?? ""),
    () => rig.workflows.export(stranger.projectId, id),
    () => rig.workflows.copy(stranger.projectId, id, stranger),
    () => rig.workflows.get(project.projectId, "no id"),
  ];
  for (const act of asStranger) {
    await expect(act()).rejects.toMatchObject({ code: "workflow_not_found", status: 404 });
  }
  const version404 = { code: "version_not_found", status: 404 };
  await expect(
    rig.workflows.getVersion(stranger.projectId, id, version?.id ?? ""),
  ).rejects.toMatchObject(version404);
  await expect(
    rig.workflows.create(stranger.projectId, project.integrationId, { title: "x" }),
  ).rejects.toMatchObject({ code: "integration_not_found" });
  expect((await rig.workflows.get(project.projectId, id)).title).toBe("Test workflow");
});

test("of two savings of one revision, one is a conflict that names both revisions", async () => {
  const { id } = await create();
  const save = () =>
    rig.workflows.saveDraft(project.projectId, id, { revision: 1, definition: { ...simple } });
  const results = await Promise.allSettled([save(), save(), save()]);
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(save()).rejects.toMatchObject({
    code: "conflict",
    status: 409,
    details: { revision: 1, currentRevision: 2 },
    message: expect.stringMatching(/revision 1.*revision 2/),
  });
});

test.each([
  ["no object", 7],
  ["a list", []],
  ["NUL in a text", { steps: ["\u0000"] }],
  ["half a character", { steps: ["\ud800"] }],
])("a draft that is %s is refused as an invalid request", async (_, definition) => {
  const { id } = await create();
  await expect(
    rig.workflows.saveDraft(project.projectId, id, { revision: 1, definition }),
  ).rejects.toMatchObject({ code: "invalid_request", status: 400 });
});

test("text that only looks like an escape is stored as it is", async () => {
  const { id } = await create({ note: "\\u0000 \\ud800 😀" });
  const draft = await rig.workflows.readDraft(project.projectId, id);
  expect(draft.definition).toEqual({ note: "\\u0000 \\ud800 😀" });
});

test("drafts that are too large or nested without end get a clear error", async () => {
  const { id } = await create();
  const save = (definition: unknown) =>
    rig.workflows.saveDraft(project.projectId, id, { revision: 1, definition });
  await expect(save({ x: "x".repeat(2_000_001) })).rejects.toMatchObject({
    code: "payload_too_large",
    status: 413,
  });
  let deep: unknown = {};
  for (let depth = 0; depth < 100_000; depth += 1) deep = { deep };
  await expect(save(deep)).rejects.toMatchObject({ code: "invalid_request" });
});

test("a draft with 10,000 steps is kept, has a problem and is not deployed", async () => {
  const steps = Array.from({ length: 10_000 }, (_, index) => ({ id: `s${index}`, type: "delay" }));
  const { id } = await create({ trigger: requestTrigger, steps });
  await expect(rig.workflows.deploy(project.projectId, id)).rejects.toMatchObject({
    code: "workflow_invalid",
    status: 422,
    details: { problems: [{ code: "too_many_steps" }] },
  });
});

test("deploying refuses with all problems, else makes numbered versions that never change", async () => {
  const { projectId } = project;
  const broken = definitionWith(requestTrigger, [
    { id: "call", type: "request", method: "GET", url: "{{secrets.missing}}" },
  ]);
  const { id } = await create({ ...broken });
  await expect(rig.workflows.deploy(projectId, id)).rejects.toMatchObject({
    code: "workflow_invalid",
    details: { problems: [{ code: "unknown_secret", stepId: "call" }] },
  });
  expect((await rig.workflows.get(projectId, id)).deployed).toBeNull();
  await rig.workflows.saveDraft(projectId, id, { revision: 1, definition: { ...simple } });
  await expect(rig.workflows.deploy(projectId, id, { revision: 1 })).rejects.toMatchObject({
    code: "conflict",
  });
  const first = await rig.workflows.deploy(projectId, id, { revision: 2, name: "First" });
  expect(first.deployed?.number).toBe(1);
  const later = definitionWith(requestTrigger, []);
  await rig.workflows.saveDraft(projectId, id, { revision: 2, definition: { ...later } });
  expect((await rig.workflows.get(projectId, id)).deployed).toEqual(first.deployed);
  const second = await rig.workflows.deploy(projectId, id);
  expect(second.deployed?.number).toBe(2);
  const versionId = first.deployed?.versionId ?? "";
  const kept = await rig.workflows.getVersion(projectId, id, versionId);
  expect(kept).toMatchObject({ number: 1, name: "First", isDeployed: false });
  expect(kept.definition).toMatchObject({ steps: [{ id: "wait" }] });
  expect((await rig.plans.readPlan({ projectId, versionId })).steps.size).toBe(1);
  await expect(
    async () => await rig.plans.readPlan({ projectId: randomUUID(), versionId }),
  ).rejects.toMatchObject({ code: "version_not_found" });
});

test("deployments at the same time get different numbers", async () => {
  const { id } = await create();
  await Promise.all(Array.from({ length: 5 }, () => rig.workflows.deploy(project.projectId, id)));
  const versions = await rig.workflows.listVersions(project.projectId, id, { show: "deployed" });
  expect(versions.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
  expect(versions.filter(({ isDeployed }) => isDeployed)).toHaveLength(1);
});

test("versions are kept when saved, restored, deployed and with every tenth edit", async () => {
  const { projectId } = project;
  const { id } = await create();
  const edit = (revision: number, steps: number) => {
    const definition = {
      trigger: requestTrigger,
      steps: Array.from({ length: steps }, () => ({})),
    };
    return rig.workflows.saveDraft(projectId, id, { revision, definition });
  };
  for (let revision = 1; revision <= 10; revision += 1) await edit(revision, revision);
  const named = await rig.workflows.saveVersion(projectId, id, { name: "Before lunch" });
  const [automatic] = await rig.workflows.listVersions(projectId, id, { show: "all", before: 2 });
  expect(automatic).toMatchObject({ kind: "automatic", number: 1 });
  const restored = await rig.workflows.restoreVersion(projectId, id, automatic?.id ?? "");
  expect(restored.revision).toBe(12);
  expect(restored.definition["steps"]).toHaveLength(9);
  const all = await rig.workflows.listVersions(projectId, id);
  expect(all.map(({ kind }) => kind)).toEqual(["restored", "saved", "automatic"]);
  const before = await rig.workflows.getVersion(projectId, id, all[0]?.id ?? "");
  expect(before.definition["steps"]).toHaveLength(10);
  expect(await rig.workflows.listVersions(projectId, id, { show: "named" })).toEqual([named]);
  expect(await rig.workflows.listVersions(projectId, id, { show: "deployed" })).toEqual([]);
  expect(await rig.workflows.listVersions(projectId, id, { show: "saved" })).toHaveLength(3);
});

test("deleting takes the workflow out of sight, schedules and settings, and cancels its runs", async () => {
  const { projectId } = project;
  const user = await addUser(rig, project);
  const { configurationId, connectionId } = await addConnection(rig, project, user);
  const { id, deployed: version } = await deployed(rig, project, definitionWith(everySecond));
  await rig.enrollments.enable(user, id);
  const runId = randomUUID();
  await rig.db
    .insertInto("runs")
    .values({
      id: runId,
      project_id: projectId,
      workflow_id: id,
      version_id: version?.versionId ?? "",
      integration_id: project.integrationId,
      connection_id: connectionId,
      configuration_id: configurationId,
      user_id: user.id,
      trigger_type: "schedule",
      status: "queued",
      input: "{}",
      context: "{}",
    })
    .execute();
  expect(await rig.workflows.remove(projectId, id)).toEqual({ cancelledRuns: 1 });
  expect(await rig.history.get(projectId, runId)).toMatchObject({
    status: "cancelled",
    error: { message: "The workflow was deleted." },
  });
  await expect(rig.workflows.get(projectId, id)).rejects.toMatchObject({
    code: "workflow_not_found",
  });
  expect(await rig.workflows.list(projectId)).toEqual([]);
  expect(await rig.db.selectFrom("schedules").selectAll().execute()).toEqual([]);
  const [connection] = await rig.connections.list({ projectId, userId: user.id });
  expect(connection?.configurations[0]?.workflowSettings).toEqual({});
  // Again: somebody whose answer was lost.
  expect(await rig.workflows.remove(projectId, id)).toEqual({ cancelledRuns: 0 });
});

test("an exported workflow is imported with all that belongs to it, and says what is missing", async () => {
  const { projectId } = project;
  await rig.events.create(projectId, { name: "order.created" });
  await rig.secrets.create(projectId, { name: "API_KEY", value: "secret-value" });
  const shared = [{ id: "folder", title: "Folder", type: "TEXT_NO_VARS" }];
  await rig.workflows.saveIntegrationSettings(projectId, project.integrationId, shared);
  const definition = definitionWith({ id: "start", type: "event", event: "order.created" }, [
    {
      id: "call",
      type: "request",
      method: "POST",
      url: "https://example.com/{{integrationSettings.folder}}",
      headers: [{ name: "x-key", value: "{{secrets.API_KEY}}" }],
    },
  ]);
  const { id } = await deployed(rig, project, definition, { infoText: "About it" });
  const exported = await rig.workflows.export(projectId, id);
  const again = await rig.workflows.import(projectId, project.integrationId, exported);
  expect(again.workflow).toMatchObject({ title: "Test workflow", infoText: "About it" });
  expect(again.lacks).toEqual({
    events: [],
    secrets: [],
    integrationSettings: [],
    integration: null,
  });
  const other = await createTestProject(rig);
  const copied = await rig.workflows.copy(projectId, id, other);
  expect(copied.workflow).toMatchObject({ projectId: other.projectId, deployed: null });
  expect(copied.lacks).toEqual({
    events: ["order.created"],
    secrets: ["API_KEY"],
    integrationSettings: ["folder"],
    integration: null,
  });
  const [saved] = await rig.workflows.listVersions(projectId, id);
  expect(saved?.kind).toBe("saved");
  const problems = (await rig.workflows.readDraft(other.projectId, copied.workflow.id)).problems;
  expect(problems.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["unknown_event", "unknown_secret", "unknown_setting"]),
  );
});

test("a workflow goes to Paragon's compiled form and comes back", async () => {
  const { projectId, integrationId } = project;
  const { id } = await deployed(rig, project, simple);
  const paragon = await rig.workflows.export(projectId, id, { format: "paragon" });
  expect(paragon).toMatchObject({ steps: [{ type: "TRIGGER/ENDPOINT" }, {}] });
  const { workflow } = await rig.workflows.import(projectId, integrationId, paragon);
  const draft = await rig.workflows.readDraft(projectId, workflow.id);
  expect(draft.definition).toMatchObject({
    trigger: { type: "request" },
    steps: [{ type: "delay" }],
  });
});

test.each([
  ["page-created", "NOTION_TRIGGER_PAGE_CREATED", "NOTION_PAGE_CREATED"],
  ["page-updated", "NOTION_TRIGGER_PAGE_UPDATED", "NOTION_PAGE_UPDATED"],
])("the trigger %s goes to Paragon's workflows as %s", async (trigger, intent, inTriggersApi) => {
  const { projectId, integrationId } = project;
  const { id } = await create(definitionWith({ id: "start", type: "integration", trigger }));
  const paragon = await rig.workflows.export(projectId, id, { format: "paragon" });
  const start = { type: "TRIGGER/ACTION", parameters: { intent, actionType: "notion" } };
  expect(paragon).toMatchObject({ steps: [start, {}] });
  for (const name of [intent, inTriggersApi]) {
    const document = JSON.parse(JSON.stringify(paragon).replace(intent, name));
    const { workflow } = await rig.workflows.import(projectId, integrationId, document);
    const draft = await rig.workflows.readDraft(projectId, workflow.id);
    expect(draft.definition).toMatchObject({ trigger: { type: "integration", trigger } });
    expect(draft.problems).toEqual([]);
  }
});

test.each([null, 7, "x", {}, { format: "tenon.workflow" }, { steps: [] }])(
  "the document %j is refused as an invalid request",
  async (document) => {
    await expect(
      rig.workflows.import(project.projectId, project.integrationId, document),
    ).rejects.toMatchObject({ code: "invalid_request" });
  },
);

test("settings and permissions are checked before they are stored", async () => {
  const { projectId } = project;
  const { id } = await create();
  const text = { title: "Text", type: "TEXT_NO_VARS" as const };
  const refused = [
    {
      userSettings: [
        { ...text, id: "a" },
        { ...text, id: "a" },
      ],
    },
    { userSettings: [{ ...text, id: "not an id" }] },
    { userSettings: [{ ...text, id: "a", required: true }], defaultEnabled: true },
    { permissions: { operator: "$exists", variable: "{{user.meta." } as const },
    { permissions: { operator: "$exists", variable: "{{secrets.x}}" } as const },
    { title: "" },
    { title: "a\u0000b" },
    { unknown: 1 },
  ];
  for (const change of refused) {
    await expect(rig.workflows.update(projectId, id, change)).rejects.toMatchObject({
      code: "invalid_request",
    });
  }
  expect(await rig.workflows.get(projectId, id)).toMatchObject({ userSettings: [], title: "Sync" });
});
