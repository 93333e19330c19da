import type { Configuration, Connection } from "@tenon/connections";
import { stateOf, type WorkflowUser } from "@tenon/runtime";
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
  user = await addUser(rig, project);
  rig.engine.runs.clear();
  rig.engine.starts.length = 0;
});

const simple = definitionWith(requestTrigger);
const daily = definitionWith({ id: "start", type: "schedule", cron: "0 9 * * *" });
const onEnabled = definitionWith({ id: "start", type: "enabled" });
const required = [{ id: "page", title: "Page", type: "TEXT_NO_VARS", required: true }] as const;
const forPro = {
  operator: "$stringExactlyMatches",
  variable: "{{user.meta.plan}}",
  argument: "pro",
} as const;

function defaultOf(connection: Connection | undefined): Configuration {
  const configuration = connection?.configurations.find(({ isDefault }) => isDefault);
  if (configuration === undefined) throw new Error("The connection has no default configuration.");
  return configuration;
}

async function readDefault(): Promise<Configuration> {
  const { projectId } = project;
  const [connection] = await rig.connections.list({ projectId, userId: user.id });
  return defaultOf(connection);
}

const isOn = async (workflowId: string) =>
  stateOf((await readDefault()).workflowSettings, workflowId).enabled;

const schedules = () =>
  rig.db
    .selectFrom("schedules")
    .select(["workflow_id", "time_zone", "next_at", "cron"])
    .where("project_id", "=", project.projectId)
    .execute();

test("a workflow is enabled and disabled for one configuration", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, simple);
  const enabled = await rig.enrollments.enable(user, id);
  expect(defaultOf(enabled).workflowSettings).toEqual({ [id]: { enabled: true, settings: {} } });
  const disabled = await rig.enrollments.disable(user, id);
  expect(defaultOf(disabled).workflowSettings).toEqual({ [id]: { enabled: false, settings: {} } });
  await rig.enrollments.disable(user, id);
});

test("of concurrent enables, disables and settings on two processes none is lost", async () => {
  const { connectionId } = await addConnection(rig, project, user);
  const inputs = [{ id: "page", title: "Page", type: "TEXT_NO_VARS" as const }];
  const workflows = [];
  for (let count = 0; count < 8; count += 1) {
    workflows.push(await deployed(rig, project, simple, { userSettings: inputs }));
  }
  const ids = workflows.map(({ id }) => id);
  await Promise.all(ids.slice(4).map((id) => rig.enrollments.enable(user, id)));
  await Promise.all([
    ...ids.slice(0, 4).map((id, index) => (index % 2 ? rig : other).enrollments.enable(user, id)),
    ...ids.slice(4).map((id, index) => (index % 2 ? rig : other).enrollments.disable(user, id)),
    ...ids.map((id, index) =>
      (index % 2 ? other : rig).enrollments.changeSettings(
        user,
        { connectionId },
        { workflowSettings: { [id]: { settings: { page: `page of ${id}` } } } },
      ),
    ),
    rig.enrollments.updateConfiguration(user, { connectionId }, { mine: 1 }),
  ]);
  const configuration = await readDefault();
  for (const [index, id] of ids.entries()) {
    expect(stateOf(configuration.workflowSettings, id)).toEqual({
      enabled: index < 4,
      settings: { page: `page of ${id}` },
    });
  }
  expect(configuration.meta).toMatchObject({ mine: 1 });
});

test("what is hidden is offered as hidden, and enabled by its id", async () => {
  await addConnection(rig, project, user);
  const hidden = await deployed(rig, project, simple, { hidden: true });
  const offered = (await rig.enrollments.offered(user)).get(project.integrationId);
  expect(offered?.workflows).toMatchObject([{ id: hidden.id, hidden: true }]);
  await rig.enrollments.enable(user, hidden.id);
  expect(await isOn(hidden.id)).toBe(true);
  await rig.enrollments.disable(user, hidden.id);
  expect(await isOn(hidden.id)).toBe(false);
});

test("what is not deployed, not permitted or starts by itself is not enabled", async () => {
  await addConnection(rig, project, user);
  const { projectId, integrationId } = project;
  const byItself = await deployed(rig, project, onEnabled);
  const forOthers = await deployed(rig, project, simple, { permissions: forPro });
  const draft = await rig.workflows.create(projectId, integrationId, { title: "Draft" });
  const cases = [
    [byItself.id, "workflow_not_offered"],
    [forOthers.id, "workflow_not_permitted"],
    [draft.id, "workflow_not_deployed"],
    ["nothing", "workflow_not_found"],
  ] as const;
  for (const [id, code] of cases) {
    await expect(rig.enrollments.enable(user, id)).rejects.toMatchObject({
      code,
      status: code === "workflow_not_found" ? 404 : 409,
    });
  }
  expect((await readDefault()).workflowSettings).toEqual({});
  await rig.db
    .updateTable("integrations")
    .set({ is_active: false })
    .where("id", "=", integrationId)
    .execute();
  const { id } = await deployed(rig, project, simple);
  await expect(rig.enrollments.enable(user, id)).rejects.toMatchObject({
    code: "integration_inactive",
  });
});

test("required settings of workflow and integration gate enabling, and are named", async () => {
  const { connectionId } = await addConnection(rig, project, user);
  await rig.workflows.saveIntegrationSettings(project.projectId, project.integrationId, [
    { id: "folder", title: "Folder", type: "TEXT_NO_VARS", required: true },
  ]);
  const { id } = await deployed(rig, project, simple, { userSettings: [...required] });
  await expect(rig.enrollments.enable(user, id)).rejects.toMatchObject({
    code: "settings_missing",
    details: { missing: ["Folder", "Page"] },
  });
  const change = (settings: Parameters<LifecycleRig["enrollments"]["changeSettings"]>[2]) =>
    rig.enrollments.changeSettings(user, { connectionId }, settings);
  await change({
    sharedSettings: { folder: "F" },
    workflowSettings: { [id]: { settings: { page: "P" } } },
  });
  await rig.enrollments.enable(user, id);
  await expect(change({ sharedSettings: {} })).rejects.toMatchObject({ code: "settings_missing" });
  await expect(
    change({ workflowSettings: { [id]: { settings: { page: "" } } } }),
  ).rejects.toMatchObject({ code: "settings_missing" });
  expect(await readDefault()).toMatchObject({
    sharedSettings: { folder: "F" },
    workflowSettings: { [id]: { enabled: true, settings: { page: "P" } } },
  });
  await rig.enrollments.disable(user, id);
  await change({ sharedSettings: {} });
  // In one go, as the documented PATCH by replacement does it.
  await change({
    sharedSettings: { folder: "G" },
    workflowSettings: { [id]: { enabled: true, settings: { page: "Q" } } },
  });
  expect(await isOn(id)).toBe(true);
});

test("settings that do not fit their inputs are refused together, and nothing is stored", async () => {
  const { connectionId } = await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, simple, {
    userSettings: [
      { id: "count", title: "Count", type: "NUMBER" },
      { id: "mail", title: "Mail", type: "EMAIL" },
    ],
  });
  await expect(
    rig.enrollments.changeSettings(
      user,
      { connectionId },
      {
        sharedSettings: { unknown: 1 },
        workflowSettings: { [id]: { settings: { count: "many", mail: "x" } } },
      },
    ),
  ).rejects.toMatchObject({
    code: "settings_invalid",
    status: 400,
    details: { failures: [{ inputId: "unknown" }, { inputId: "count" }, { inputId: "mail" }] },
  });
  expect((await readDefault()).workflowSettings).toEqual({});
});

test("default-enabled workflows are on for new connections only, once", async () => {
  const { projectId } = project;
  const first = await addConnection(rig, project, user);
  await rig.enrollments.connected(projectId, first.connectionId);
  const on = await deployed(rig, project, simple, { defaultEnabled: true });
  const off = await deployed(rig, project, simple);
  const forOthers = await deployed(rig, project, simple, {
    defaultEnabled: true,
    permissions: forPro,
  });
  await rig.enrollments.connected(projectId, first.connectionId);
  expect(await isOn(on.id)).toBe(false);
  const newcomer = await addUser(rig, project);
  const second = await addConnection(rig, project, newcomer);
  await rig.enrollments.connected(projectId, second.connectionId);
  const [connection] = await rig.connections.list({ projectId, userId: newcomer.id });
  const { workflowSettings } = defaultOf(connection);
  expect([on, off, forOthers].map(({ id }) => stateOf(workflowSettings, id).enabled)).toEqual([
    true,
    false,
    false,
  ]);
  await rig.enrollments.disable(newcomer, on.id);
  await rig.enrollments.connected(projectId, second.connectionId);
  const [after] = await rig.connections.list({ projectId, userId: newcomer.id });
  expect(stateOf(defaultOf(after).workflowSettings, on.id).enabled).toBe(false);
});

test("default-enabled workflows wait for what the integration requires", async () => {
  const { projectId, integrationId } = project;
  await rig.workflows.saveIntegrationSettings(projectId, integrationId, [
    { id: "folder", title: "Folder", type: "TEXT_NO_VARS", required: true },
  ]);
  const { id } = await deployed(rig, project, simple, { defaultEnabled: true });
  const { connectionId } = await addConnection(rig, project, user);
  await rig.enrollments.connected(projectId, connectionId);
  expect(await isOn(id)).toBe(false);
  const sharedSettings = { folder: "F" };
  await rig.enrollments.changeSettings(user, { connectionId }, { sharedSettings });
  expect(await isOn(id)).toBe(true);
});

test("Integration Enabled starts once per configuration, when required settings are there", async () => {
  const { projectId, integrationId } = project;
  await rig.workflows.saveIntegrationSettings(projectId, integrationId, [
    { id: "folder", title: "Folder", type: "TEXT_NO_VARS", required: true },
  ]);
  const workflow = await deployed(rig, project, onEnabled);
  const { connectionId, configurationId } = await addConnection(rig, project, user);
  await rig.enrollments.connected(projectId, connectionId);
  expect(rig.engine.starts).toEqual([]);
  await Promise.all([
    rig.enrollments.changeSettings(user, { connectionId }, { sharedSettings: { folder: "F" } }),
    other.enrollments.changeSettings(user, { connectionId }, { sharedSettings: { folder: "F" } }),
  ]);
  expect((await readDefault()).meta).toMatchObject({ isIntegrationEnableTriggered: true });
  const ids = [...rig.engine.starts, ...other.engine.starts].map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
  expect(rig.engine.starts[0] ?? other.engine.starts[0]).toMatchObject({
    workflowId: workflow.id,
    configurationId,
    triggerType: "enabled",
    context: { integrationSettings: { folder: "F" } },
  });
  rig.engine.starts.length = 0;
  await deployed(rig, project, onEnabled);
  await rig.enrollments.connected(projectId, connectionId);
  expect(rig.engine.starts).toEqual([]);
});

test("a process that dies between starting and marking is followed by the sweep of another", async () => {
  const { projectId } = project;
  await deployed(rig, project, onEnabled);
  const { connectionId, configurationId } = await addConnection(rig, project, user);
  const [enrollee] = await rig.stores.enrollments.list(projectId, { connectionId });
  await rig.enrollments.connected(projectId, connectionId);
  const [started] = rig.engine.starts;
  // As it was before the mark was written.
  await rig.db
    .updateTable("configurations")
    .set({ meta: JSON.stringify(enrollee?.configuration.meta ?? {}) })
    .where("id", "=", configurationId)
    .execute();
  other.engine.starts.length = 0;
  other.startWorking();
  await expect
    .poll(async () => (await readDefault()).meta)
    .toMatchObject({ isIntegrationEnableTriggered: true, areDefaultsApplied: true });
  const again = other.engine.starts.find((run) => run.configurationId === configurationId);
  expect(again?.id).toBe(started?.id);
});

test("permissions decide what is offered, and metadata that changes disables", async () => {
  user = await addUser(rig, project, { plan: "pro" });
  await addConnection(rig, project, user);
  const everybody = await deployed(rig, project, simple);
  const pro = await deployed(rig, project, daily, { permissions: forPro });
  await rig.enrollments.enable(user, pro.id);
  await rig.enrollments.enable(user, everybody.id);
  expect(await schedules()).toHaveLength(1);
  const offered = (await rig.enrollments.offered(user)).get(project.integrationId);
  expect(offered?.workflows.map(({ id }) => id)).toEqual([everybody.id, pro.id]);
  await rig.db
    .updateTable("connected_users")
    .set({ meta: JSON.stringify({ plan: "free" }) })
    .where("id", "=", user.id)
    .execute();
  await rig.enrollments.metadataChanged(project.projectId, user.id);
  expect([await isOn(pro.id), await isOn(everybody.id)]).toEqual([false, true]);
  expect(await schedules()).toEqual([]);
  const free = { ...user, meta: { plan: "free" } };
  const now = (await rig.enrollments.offered(free)).get(project.integrationId);
  expect(now?.workflows.map(({ id }) => id)).toEqual([everybody.id]);
  expect(now?.notPermitted.map(({ id }) => id)).toEqual([pro.id]);
});

test("a permission that is added disables the workflow for those it leaves out", async () => {
  await addConnection(rig, project, user);
  const pro = await addUser(rig, project, { plan: "pro" });
  await addConnection(rig, project, pro);
  const { id } = await deployed(rig, project, daily);
  await rig.enrollments.enable(user, id);
  await rig.enrollments.enable(pro, id);
  await rig.workflows.update(project.projectId, id, { permissions: forPro });
  expect(await isOn(id)).toBe(false);
  const scope = { projectId: project.projectId, userId: pro.id };
  const [connection] = await rig.connections.list(scope);
  expect(stateOf(defaultOf(connection).workflowSettings, id).enabled).toBe(true);
  expect(await schedules()).toHaveLength(1);
});

test("schedules follow enabling, deploying, the user's zone and disconnecting", async () => {
  const { projectId } = project;
  user = await addUser(rig, project, { zone: "Asia/Tokyo" });
  const { connectionId } = await addConnection(rig, project, user);
  const inZone = definitionWith({
    id: "start",
    type: "schedule",
    cron: "0 9 * * *",
    timeZone: "{{user.meta.zone}}",
  });
  const { id } = await deployed(rig, project, inZone);
  expect(await schedules()).toEqual([]);
  await rig.enrollments.enable(user, id);
  const [tokyo] = await schedules();
  expect(tokyo).toMatchObject({ time_zone: "Asia/Tokyo" });
  expect(tokyo?.next_at.getUTCHours()).toBe(0);
  await rig.enrollments.updateConfiguration(user, { connectionId }, { unrelated: true });
  expect(await schedules()).toEqual([tokyo]);
  await rig.db
    .updateTable("connected_users")
    .set({ meta: JSON.stringify({ zone: "Nowhere/Land" }) })
    .where("id", "=", user.id)
    .execute();
  await rig.enrollments.metadataChanged(projectId, user.id);
  const [utc] = await schedules();
  expect(utc).toMatchObject({ time_zone: "UTC" });
  expect(utc?.next_at.getUTCHours()).toBe(9);
  await rig.workflows.saveDraft(projectId, id, {
    revision: 1,
    definition: { ...definitionWith(everySecond) },
  });
  expect(await schedules()).toEqual([utc]);
  await rig.workflows.deploy(projectId, id);
  expect(await schedules()).toMatchObject([{ cron: "* * * * * *" }]);
  await rig.workflows.undeploy(projectId, id);
  expect(await schedules()).toEqual([]);
  await rig.workflows.deploy(projectId, id);
  expect(await schedules()).toHaveLength(1);
  await rig.connections.remove({ projectId, userId: user.id }, connectionId);
  expect(await schedules()).toEqual([]);
});

test("an enrollment and a deployment at the same time never leave an old schedule", async () => {
  const { projectId } = project;
  const { id } = await deployed(rig, project, daily);
  const users = [];
  for (let count = 0; count < 6; count += 1) {
    const one = await addUser(rig, project);
    await addConnection(rig, project, one);
    users.push(one);
  }
  await rig.workflows.saveDraft(projectId, id, {
    revision: 1,
    definition: { ...definitionWith(everySecond) },
  });
  await Promise.all([
    ...users.slice(0, 3).map((one) => rig.enrollments.enable(one, id)),
    rig.workflows.deploy(projectId, id),
    ...users.slice(3).map((one) => other.enrollments.enable(one, id)),
  ]);
  expect((await schedules()).map(({ cron }) => cron)).toEqual(users.map(() => "* * * * * *"));
});

test("a connection has several configurations, each with its own settings", async () => {
  const { connectionId } = await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, simple);
  const made = await rig.enrollments.createConfiguration(user, connectionId, {
    externalId: "second",
  });
  expect(made.configurations).toHaveLength(2);
  await expect(
    rig.enrollments.createConfiguration(user, connectionId, { externalId: "second" }),
  ).rejects.toMatchObject({ code: "conflict" });
  await rig.enrollments.enable(user, id, { configuration: "ext:second" });
  expect(await isOn(id)).toBe(false);
  const target = { connectionId, configuration: "second" };
  const changed = await rig.enrollments.updateConfiguration(user, target, {
    label: "Mine",
    isIntegrationEnableTriggered: "forged",
  });
  const second = changed.configurations.find(({ isDefault }) => !isDefault);
  expect(second).toMatchObject({ externalId: "second", meta: { label: "Mine" } });
  expect(second?.meta["isIntegrationEnableTriggered"]).toBe(true);
  const defaultId = defaultOf(changed).id;
  await expect(
    rig.enrollments.removeConfiguration(user, { connectionId, configuration: defaultId }),
  ).rejects.toMatchObject({ code: "default_configuration", status: 409 });
  const left = await rig.enrollments.removeConfiguration(user, target);
  expect(left.configurations.map((one) => one.id)).toEqual([defaultId]);
  await expect(rig.enrollments.enable(user, id, { configuration: "second" })).rejects.toMatchObject(
    { code: "configuration_not_found", status: 404 },
  );
});

test("nobody reaches another user's or project's connection or workflow", async () => {
  const { connectionId, configurationId } = await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, simple);
  const stranger = await addUser(rig, project);
  const elsewhere = await createTestProject(rig);
  const foreigner = await addUser(rig, elsewhere);
  await addConnection(rig, elsewhere, foreigner);
  const connection404 = { code: "connection_not_found", status: 404 };
  const { enrollments } = rig;
  await expect(enrollments.enable(stranger, id)).rejects.toMatchObject(connection404);
  await expect(
    enrollments.enable(stranger, id, { connection: connectionId }),
  ).rejects.toMatchObject(connection404);
  await expect(
    enrollments.enable(stranger, id, { configuration: configurationId }),
  ).rejects.toMatchObject({ code: "configuration_not_found" });
  await expect(enrollments.enable(foreigner, id)).rejects.toMatchObject({
    code: "workflow_not_found",
  });
  for (const one of [stranger, foreigner]) {
    await expect(
      enrollments.changeSettings(one, { connectionId }, { sharedSettings: {} }),
    ).rejects.toMatchObject(connection404);
    await expect(enrollments.createConfiguration(one, connectionId, {})).rejects.toMatchObject(
      connection404,
    );
    await expect(
      enrollments.removeConfiguration(one, { connectionId, configuration: configurationId }),
    ).rejects.toMatchObject(connection404);
    await expect(
      enrollments.updateConfiguration(one, { connectionId }, { x: 1 }),
    ).rejects.toMatchObject(connection404);
  }
});
