import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  createLifecycleRig,
  createTestProject,
  definitionWith,
  deployed,
  type LifecycleRig,
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

const event = { name: "order.created", schema: { type: "object" }, sample: { id: 7 } };

test("app events are made, found, changed and removed; a name is taken once", async () => {
  const { projectId } = project;
  const made = await rig.events.create(projectId, event);
  expect(made).toMatchObject(event);
  await expect(rig.events.create(projectId, event)).rejects.toMatchObject({ code: "conflict" });
  const other = await rig.events.create(projectId, { name: "another" });
  await expect(rig.events.update(projectId, other.id, { name: event.name })).rejects.toMatchObject({
    code: "conflict",
  });
  const changed = await rig.events.update(projectId, made.id, { sample: { id: 8 } });
  expect(changed).toMatchObject({ ...event, sample: { id: 8 } });
  expect((await rig.events.list(projectId)).map(({ name }) => name)).toEqual([
    "another",
    "order.created",
  ]);
  await rig.events.remove(projectId, made.id);
  await expect(rig.events.get(projectId, made.id)).rejects.toMatchObject({
    code: "event_not_found",
  });
});

test("another project neither sees nor changes app events", async () => {
  const { id } = await rig.events.create(project.projectId, event);
  const { projectId } = await createTestProject(rig);
  const notFound = { code: "event_not_found", status: 404 };
  await expect(rig.events.get(projectId, id)).rejects.toMatchObject(notFound);
  await expect(rig.events.update(projectId, id, { name: "x" })).rejects.toMatchObject(notFound);
  await expect(rig.events.remove(projectId, id)).rejects.toMatchObject(notFound);
  expect(await rig.events.list(projectId)).toEqual([]);
});

test("an event that starts a deployed workflow is neither renamed nor removed, unless forced", async () => {
  const { projectId } = project;
  const { id } = await rig.events.create(projectId, event);
  const workflow = await deployed(
    rig,
    project,
    definitionWith({ id: "start", type: "event", event: event.name }),
  );
  const inUse = {
    code: "event_in_use",
    status: 409,
    details: { workflows: [{ id: workflow.id, title: "Test workflow" }] },
  };
  await expect(rig.events.remove(projectId, id)).rejects.toMatchObject(inUse);
  await expect(rig.events.update(projectId, id, { name: "x" })).rejects.toMatchObject(inUse);
  await rig.events.update(projectId, id, { schema: {} });
  await rig.events.update(projectId, id, { name: "renamed" }, { force: true });
  await rig.events.remove(projectId, id);
});

test("secrets are stored sealed and only runs read them", async () => {
  const { projectId } = project;
  const value = "a very secret value";
  const made = await rig.secrets.create(projectId, { name: "API_KEY", value });
  expect(made).toMatchObject({ name: "API_KEY", projectId });
  expect(JSON.stringify(await rig.secrets.list(projectId))).not.toContain(value);
  const row = await rig.db
    .selectFrom("environment_secrets")
    .selectAll()
    .where("id", "=", made.id)
    .executeTakeFirstOrThrow();
  expect(row.sealed_value.toString("utf8")).not.toContain(value);
  const names = new Set(["API_KEY", "missing", "__proto__"]);
  expect(await rig.secrets.readAll(projectId, names)).toEqual({ API_KEY: value });
});

test("a replaced secret is read at once here, and by another process when it is told", async () => {
  const { projectId } = project;
  await using other = await createLifecycleRig(database, { keyRing: rig.keyRing });
  const { id } = await rig.secrets.create(projectId, { name: "KEY", value: "first value" });
  const names = new Set(["KEY"]);
  expect(await other.secrets.readAll(projectId, names)).toEqual({ KEY: "first value" });
  await rig.secrets.replace(projectId, id, "second value");
  expect(await rig.secrets.readAll(projectId, names)).toEqual({ KEY: "second value" });
  await expect.poll(() => other.secrets.readAll(projectId, names)).toEqual({ KEY: "second value" });
});

test("a sealed secret opens in its own row only", async () => {
  const { projectId } = project;
  const names = new Set(["ONE", "TWO"]);
  const one = await rig.secrets.create(projectId, { name: "ONE", value: "value one" });
  const two = await rig.secrets.create(projectId, { name: "TWO", value: "value two" });
  const { sealed_value } = await rig.db
    .selectFrom("environment_secrets")
    .select("sealed_value")
    .where("id", "=", one.id)
    .executeTakeFirstOrThrow();
  await rig.db
    .updateTable("environment_secrets")
    .set({ sealed_value })
    .where("id", "=", two.id)
    .execute();
  await using other = await createLifecycleRig(database, { keyRing: rig.keyRing });
  await expect(other.secrets.readAll(projectId, names)).rejects.toMatchObject({
    name: "SealingError",
  });
});

test.each([
  ["a name with a space", { name: "A B", value: "long enough" }],
  ["an empty name", { name: "", value: "long enough" }],
  ["a short value", { name: "A", value: "abc" }],
  ["a long value", { name: "A", value: "x".repeat(10_001) }],
])("%s is refused, and the error does not tell the value", async (_, secret) => {
  const refused = rig.secrets.create(project.projectId, secret);
  await expect(refused).rejects.toMatchObject({ code: "invalid_request", status: 400 });
  await expect(refused).rejects.not.toMatchObject({
    message: expect.stringContaining(secret.value),
  });
});

test("a secret that a deployed workflow uses is not removed, unless forced", async () => {
  const { projectId } = project;
  const { id } = await rig.secrets.create(projectId, { name: "KEY", value: "some value" });
  await expect(
    rig.secrets.create(projectId, { name: "KEY", value: "other value" }),
  ).rejects.toMatchObject({ code: "conflict" });
  await deployed(
    rig,
    project,
    definitionWith({ id: "start", type: "request" }, [
      { id: "call", type: "request", method: "GET", url: "https://example.com/{{secrets.KEY}}" },
    ]),
  );
  await expect(rig.secrets.remove(projectId, id)).rejects.toMatchObject({
    code: "secret_in_use",
    status: 409,
    message: expect.stringContaining("Test workflow"),
  });
  const stranger = await createTestProject(rig);
  const notFound = { code: "secret_not_found" };
  await expect(rig.secrets.remove(stranger.projectId, id, { force: true })).rejects.toMatchObject(
    notFound,
  );
  await expect(rig.secrets.replace(stranger.projectId, id, "stolen value")).rejects.toMatchObject(
    notFound,
  );
  await rig.secrets.remove(projectId, id, { force: true });
  expect(await rig.secrets.list(projectId)).toEqual([]);
  expect(await rig.secrets.readAll(projectId, new Set(["KEY"]))).toEqual({});
});
