import { clientSecretPlace, type IntegrationKeys } from "@tenon/connections";
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

let database: TestDatabase;
let provider: LocalNotion;
let rig: ConnectRig;
let tenant: Tenant;

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await createLocalNotion();
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

/** Gives the integration an app of the project's own. */
async function setOwnApp(clientId: string, clientSecret: string | null): Promise<IntegrationKeys> {
  const { id, projectId } = tenant.integration;
  const sealed =
    clientSecret === null
      ? null
      : await rig.sealer.seal(projectId, clientSecretPlace(id), clientSecret);
  await rig.db
    .updateTable("integrations")
    .set({ client_id: clientId, sealed_client_secret: sealed })
    .where("id", "=", id)
    .execute();
  return { ...tenant.integration, clientId, sealedClientSecret: sealed };
}

test("the integration's own app comes before development keys and acts at the real provider", async () => {
  const integration = await setOwnApp("own-id", "own-secret");
  const { credentials } = await rig.appCredentials.current(integration);
  expect(credentials).toEqual({
    clientId: "own-id",
    clientSecret: "own-secret",
    baseUrl: "https://api.notion.com",
    source: "project",
  });
});

test("without its own app, development keys serve at their own address", async () => {
  const { credentials } = await rig.appCredentials.current(tenant.integration);
  expect(credentials).toMatchObject({ source: "development", baseUrl: provider.url });
});

test("without any app, or with half of one, the user is told what to set", async () => {
  await expect(rig.appCredentials.current(await setOwnApp("own-id", null))).rejects.toMatchObject({
    code: "app_credentials_missing",
    status: 409,
    message: expect.stringContaining("a Client ID but no Client Secret"),
  });
  await using bare = await createConnectRig({
    connectionString: database.connectionString,
    providerUrl: provider.url,
    connector: notion,
    keyRing: rig.keyRing,
    developmentConnectorId: "other",
  });
  await expect(bare.appCredentials.current(tenant.integration)).rejects.toMatchObject({
    code: "app_credentials_missing",
    message: expect.stringContaining("Set the Client ID and Client Secret of your Notion app"),
  });
});

test("an integration of an unknown connector is refused", async () => {
  const integration = { ...tenant.integration, connectorId: "gone" };
  await expect(rig.appCredentials.current(integration)).rejects.toMatchObject({
    code: "integration_not_found",
  });
});

test("a connection is renewed with the app it was made with, as long as that is set up", async () => {
  const connection = await connect(rig, tenant);
  await setOwnApp("own-id", "own-secret");
  expect(await rig.credentials.renew(connection.id, 1)).toMatchObject({ tokenVersion: 2 });
  await rig.db
    .updateTable("connections")
    .set({ client_id: "removed-app" })
    .where("id", "=", connection.id)
    .execute();
  await expect(rig.credentials.renew(connection.id, 2)).rejects.toMatchObject({
    code: "connection_invalid",
    message: expect.stringContaining("(client id removed-app) is no longer set up. Connect"),
  });
  expect(await rig.connections.find(tenant.scope, connection.id)).toMatchObject({
    status: "INVALID",
  });
});
