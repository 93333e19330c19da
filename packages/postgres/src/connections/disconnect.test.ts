import type { Connection } from "@tenon/connections";
import { notion } from "@tenon/notion";
import { createLocalNotion, type LocalNotion } from "local-notion";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  connect,
  type ConnectRig,
  createConnectRig,
  createTenant,
  type Tenant,
} from "./testing/connect-rig.ts";
import { controlLocalNotion, revokePath } from "./testing/local-notion-controls.ts";

let database: TestDatabase;
let provider: LocalNotion;
let control: ReturnType<typeof controlLocalNotion>;
let rig: ConnectRig;
let tenant: Tenant;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await createLocalNotion();
  control = controlLocalNotion(provider.url);
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
  await control.clearFaults();
  tenant = await createTenant(rig);
  connection = await connect(rig, tenant);
});

test("disconnecting removes the connection at once and ends its tokens at the provider", async () => {
  const { accessToken } = await rig.credentials.get(connection.id);
  expect(await rig.disconnect(tenant.scope, connection.id)).toEqual({
    connectionId: connection.id,
    integrationId: tenant.integration.id,
    revoked: true,
  });
  await expect(Promise.resolve(rig.credentials.get(connection.id))).rejects.toMatchObject({
    code: "connection_not_found",
  });
  expect(await rig.connections.list(tenant.scope)).toEqual([]);
  expect(await control.accepts(accessToken)).toBe(false);
});

test("other processes stop serving it within moments", async () => {
  await using other = await createConnectRig({
    connectionString: database.connectionString,
    providerUrl: provider.url,
    connector: notion,
    keyRing: rig.keyRing,
  });
  await other.credentials.get(connection.id);
  await rig.disconnect(tenant.scope, connection.id);
  await expect
    .poll(() =>
      Promise.resolve(other.credentials.get(connection.id)).catch((error: unknown) => error),
    )
    .toMatchObject({ code: "connection_not_found" });
});

test.each([
  ["is down", { status: 500 }, /Notion answered with status 500/],
  ["answers a web page", { status: 503, html: true }, /web page/],
  ["breaks off", { cutAfterBytes: 0 }, /broke the connection off/],
])("where the provider %s, the connection is gone and the answer says so", async (...row) => {
  const [, outcome, reason] = row;
  await control.setFault(revokePath, outcome);
  const answer = await rig.disconnect(tenant.scope, connection.id);
  expect(answer).toMatchObject({ revoked: false });
  expect(answer.message).toMatch(reason);
  expect(answer.message).toMatch(/^The account is disconnected, but Notion did not confirm/);
  expect(answer.message).toMatch(/remove the app in Notion's own settings\.$/);
  expect(await rig.connections.list(tenant.scope)).toEqual([]);
});

test("where its app is no longer set up, the connection is gone and the answer says so", async () => {
  await rig.db
    .updateTable("connections")
    .set({ client_id: "removed-app" })
    .where("id", "=", connection.id)
    .execute();
  expect(await rig.disconnect(tenant.scope, connection.id)).toMatchObject({
    revoked: false,
    message: expect.stringContaining("the app it was connected with is no longer set up"),
  });
});

test("of two who disconnect at the same time one does it, the other is told that it is gone", async () => {
  await control.forgetCalls();
  const answers = await Promise.allSettled([
    rig.disconnect(tenant.scope, connection.id),
    rig.disconnect(tenant.scope, connection.id),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await control.countCalls(revokePath)).toBe(1);
});

test("an account whose access the user had taken away at the provider counts as revoked", async () => {
  await control.takeAccessAway(connection.accountId);
  expect(await rig.disconnect(tenant.scope, connection.id)).toMatchObject({ revoked: true });
});
