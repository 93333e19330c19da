import { createConnectionResolver } from "@tenon/connections";
import { notion } from "@tenon/notion";
import { createLocalNotion, type LocalNotion } from "local-notion";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addUser,
  connect,
  type ConnectRig,
  createConnectRig,
  createTenant,
  type Tenant,
} from "./testing/connect-rig.ts";
import { controlLocalNotion } from "./testing/local-notion-controls.ts";

let database: TestDatabase;
let provider: LocalNotion;
let rig: ConnectRig;
let tenant: Tenant;
let people: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await createLocalNotion();
  people = (await controlLocalNotion(provider.url).people()).map(({ id }) => id);
  rig = await createConnectRig({
    connectionString: database.connectionString,
    providerUrl: provider.url,
    connector: notion,
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await provider.close();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  tenant = await createTenant(rig);
});

const connectAs = (person: number, externalId?: string) =>
  connect(rig, tenant, {
    personId: people[person] ?? "",
    installOptions: {
      allowMultipleCredentials: true,
      ...(externalId !== undefined && { externalId }),
    },
  });

test("a connection answers to its own user and project only, in every way it can be asked for", async () => {
  const { id } = await connectAs(0);
  const { connections } = rig;
  const otherProject = await createTenant(rig);
  const strangers = [
    await addUser(rig.db, tenant.scope.projectId),
    otherProject.scope,
    { projectId: otherProject.scope.projectId, userId: tenant.scope.userId },
  ];
  for (const stranger of strangers) {
    expect(await connections.find(stranger, id)).toBeUndefined();
    expect(await connections.list(stranger)).toEqual([]);
    expect(await connections.updateExternalId(stranger, id, "mine")).toBeUndefined();
    const change = { sharedSettings: { stolen: true } };
    const target = { connectionId: id };
    expect(await connections.updateConfiguration(stranger, target, change)).toBeUndefined();
    expect(await connections.remove(stranger, id)).toBeUndefined();
    await expect(rig.disconnect(stranger, id)).rejects.toMatchObject({
      code: "connection_not_found",
      status: 404,
    });
  }
  const own = await connections.find(tenant.scope, id);
  expect(own).toMatchObject({ id, externalId: null, configurations: [{ sharedSettings: {} }] });
});

test.each(["", "x", "0191d2f0-0000-7000-8000-000000000000", "' or true --"])(
  "the id %j answers not found",
  async (id) => {
    expect(await rig.connections.find(tenant.scope, id)).toBeUndefined();
    expect(await rig.connections.remove(tenant.scope, id)).toBeUndefined();
    await expect(rig.credentials.get(id)).rejects.toMatchObject({ code: "connection_not_found" });
    await expect(rig.disconnect(tenant.scope, id)).rejects.toMatchObject({
      code: "connection_not_found",
    });
  },
);

test("connections are listed oldest first, of one integration where that is asked for", async () => {
  const [first, second] = [await connectAs(0), await connectAs(1)];
  const ids = (await rig.connections.list(tenant.scope)).map(({ id }) => id);
  expect(ids).toEqual([first.id, second.id]);
  const integrationId = "0191d2f0-0000-7000-8000-000000000000";
  expect(await rig.connections.list(tenant.scope, { integrationId })).toEqual([]);
});

test("settings of the default or a named configuration are replaced, what is not named stays", async () => {
  const { id, configurations } = await connectAs(0);
  const { connections } = rig;
  const settings = { sharedSettings: { a: 1 }, workflowSettings: { w: { enabled: true } } };
  await connections.updateConfiguration(tenant.scope, { connectionId: id }, settings);
  const configurationId = configurations[0]?.id;
  const changed = await connections.updateConfiguration(
    tenant.scope,
    { connectionId: id, configurationId },
    { sharedSettings: { b: 2 } },
  );
  expect(changed?.configurations).toMatchObject([
    { sharedSettings: { b: 2 }, workflowSettings: { w: { enabled: true } } },
  ]);
  expect(changed?.configurations[0]?.createdAt).toBeInstanceOf(Date);
  for (const unknown of [id, "nonsense"]) {
    const target = { connectionId: id, configurationId: unknown };
    expect(await connections.updateConfiguration(tenant.scope, target, {})).toBeUndefined();
  }
});

test("a connection's external id can be changed unless another of the user has it", async () => {
  const first = await connectAs(0, "one");
  const second = await connectAs(1, "two");
  const { connections } = rig;
  expect(await connections.updateExternalId(tenant.scope, second.id, "one")).toBe("conflict");
  expect(await connections.updateExternalId(tenant.scope, first.id, null)).toMatchObject({
    externalId: null,
  });
  expect(await connections.updateExternalId(tenant.scope, second.id, "one")).toMatchObject({
    externalId: "one",
  });
});

test("a selector is resolved, from memory the second time, and follows every change", async () => {
  const resolver = createConnectionResolver({
    connections: rig.connections,
    changeFeed: rig.changeFeed,
  });
  const { scope, integration } = tenant;
  const resolve = async (selector?: string) =>
    (await resolver.resolve(scope, integration.id, selector))?.id;
  expect(await resolve()).toBeUndefined();
  const first = await connectAs(0, "one");
  const second = await connectAs(1, "two");
  expect(await resolve()).toBe(first.id);
  expect(await resolve("two")).toBe(second.id);
  await expect
    .poll(async () => {
      await resolve();
      return resolver.resolve(scope, integration.id);
    })
    .not.toBeInstanceOf(Promise);
  expect(resolver.resolve(scope, integration.id, "ext:two")).toMatchObject({ id: second.id });

  await rig.db
    .updateTable("connections")
    .set({ account_id: "another" })
    .where("id", "=", first.id)
    .execute();
  const third = await connectAs(0, "three");
  expect(await resolve("three")).toBe(third.id);
  await rig.connections.updateExternalId(scope, first.id, "renamed");
  await expect.poll(() => resolve("one")).toBeUndefined();
  expect(await resolve("renamed")).toBe(first.id);
  const invalid = { status: "INVALID", invalid_reason: "test" } as const;
  await rig.db.updateTable("connections").set(invalid).where("id", "=", first.id).execute();
  await expect.poll(() => resolve()).toBe(second.id);
  await rig.connections.remove(scope, second.id);
  await expect.poll(() => resolve()).toBe(third.id);
  expect(await resolve(first.id)).toBe(first.id);
  await rig.db
    .updateTable("connections")
    .set({ status: "VALID" })
    .where("id", "=", first.id)
    .execute();
  await expect.poll(() => resolve()).toBe(first.id);
  resolver.close();
});

test("a selector never resolves to another user's connection", async () => {
  const resolver = createConnectionResolver({
    connections: rig.connections,
    changeFeed: rig.changeFeed,
  });
  const { id } = await connectAs(0, "mine");
  const stranger = await addUser(rig.db, tenant.scope.projectId);
  await resolver.resolve(tenant.scope, tenant.integration.id, id);
  for (const selector of [undefined, id, "mine", "ext:mine"]) {
    expect(await resolver.resolve(stranger, tenant.integration.id, selector)).toBeUndefined();
  }
  resolver.close();
});
