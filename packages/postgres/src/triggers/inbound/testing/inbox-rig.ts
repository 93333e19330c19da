import { createHmac, randomUUID } from "node:crypto";
import {
  clientSecretPlace,
  createAppCredentialsSource,
  createKeyRingText,
  createSealer,
  type Log,
  parseKeyRing,
} from "@tenon/connections";
import { notion } from "@tenon/notion";
import {
  createEndpointDirectory,
  createInbox,
  createWebhookSettings,
  type InboxOutcome,
} from "@tenon/triggers";
import { createChangeFeed } from "../../../change-feed.ts";
import { createDataKeyStore } from "../../../connections/data-key-store.ts";
import { createIntegrationKeysReader } from "../../../connections/integration-keys-reader.ts";
import type { TestDatabase } from "../../../testing/test-database.ts";
import { createWebhookEndpointStore } from "../endpoint-store.ts";
import { createInboundHistory } from "../event-history.ts";
import { createInboundEventStore } from "../event-store.ts";

export const developmentKeys = { clientId: "development-app", clientSecret: "development-secret" };

export interface TestEndpoint {
  projectId: string;
  integrationId: string;
}

export interface TestConnection {
  id: string;
  workspaceId: string;
  botId: string;
}

export type InboxRig = Awaited<ReturnType<typeof createInboxRig>>;

/** Inbound webhooks as one process has them. Several on one database are several processes. */
export async function createInboxRig(database: TestDatabase, keyRing = createKeyRingText()) {
  const { kysely: db } = database;
  const changeFeed = createChangeFeed(database.connectionConfig);
  await changeFeed.ready;
  const sealer = createSealer({
    keyRing: parseKeyRing(keyRing),
    dataKeys: createDataKeyStore(db),
    changeFeed,
  });
  const connectors = new Map([[notion.id, notion]]);
  const logged: { facts: object; message: string }[] = [];
  const write = (facts: object, message: string) => void logged.push({ facts, message });
  const log: Log = { info: write, warn: write, error: write };
  const appCredentials = createAppCredentialsSource({
    connectors,
    developmentKeys: new Map([[notion.id, developmentKeys]]),
    integrations: createIntegrationKeysReader(db),
    sealer,
  });
  const endpoints = createWebhookEndpointStore(db);
  const shared = { connectors, appCredentials, sealer, changeFeed, log, endpoints };
  const directory = createEndpointDirectory(shared);
  const outcomes: InboxOutcome[] = [];
  const routed: string[] = [];
  let refusalWrites = 0;
  const inbox = createInbox({
    ...shared,
    directory,
    endpoints: {
      ...endpoints,
      addRefusals(refusals) {
        refusalWrites += 1;
        return endpoints.addRefusals(refusals);
      },
    },
    events: createInboundEventStore(database.connectionConfig),
    parseObject,
    onRouted: (ids) => void routed.push(...ids),
    onOutcome: (outcome) => void outcomes.push(outcome),
  });
  return {
    ...createActors(database, sealer),
    db,
    keyRing,
    inbox,
    settings: createWebhookSettings({ ...shared, directory }),
    history: createInboundHistory(db),
    logged,
    outcomes,
    /** What the watcher was told. */
    routed,
    refusalWrites: () => refusalWrites,
    /** Sends a body as the provider does, signed with the token if there is one. */
    send(integrationId: string, body: string | object, token?: string) {
      const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      const signature = token === undefined ? undefined : sign(bytes, token);
      return inbox.receive(integrationId, {
        body: bytes,
        header: (name) => (name === "x-notion-signature" ? signature : undefined),
      });
    },
    async [Symbol.asyncDispose]() {
      await inbox.close();
      directory.close();
      sealer.close();
      await changeFeed.stop();
    },
  };
}

export function sign(body: Buffer, token: string): string {
  return `sha256=${createHmac("sha256", token).update(body).digest("hex")}`;
}

function parseObject(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One of Notion's events. */
export function pageEvent(connection: { workspaceId: string; botId?: string }, change = {}) {
  const { workspaceId, botId } = connection;
  return {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    workspace_id: workspaceId,
    workspace_name: "Acme",
    subscription_id: randomUUID(),
    integration_id: randomUUID(),
    authors: [{ id: "an-author", type: "person" }],
    ...(botId !== undefined && { accessible_by: [{ id: botId, type: "bot" }] }),
    attempt_number: 1,
    api_version: "2026-03-11",
    entity: { id: randomUUID(), type: "page" },
    type: "page.content_updated",
    data: {},
    ...change,
  };
}

/** Makes projects, integrations, connections and who listens on them. */
function createActors({ kysely: db }: TestDatabase, sealer: ReturnType<typeof createSealer>) {
  return {
    /** A project with an integration: with an app of its own, or on development keys. */
    async addEndpoint(app?: { clientId: string; clientSecret: string }): Promise<TestEndpoint> {
      const projectId = randomUUID();
      const id = randomUUID();
      await db
        .insertInto("projects")
        .values({ id: projectId, title: "Test", sealed_data_key: sealer.createDataKey(projectId) })
        .execute();
      const sealed = app && (await sealer.seal(projectId, clientSecretPlace(id), app.clientSecret));
      await db
        .insertInto("integrations")
        .values({
          id,
          project_id: projectId,
          connector_id: "notion",
          client_id: app?.clientId ?? null,
          sealed_client_secret: sealed ?? null,
          portal: "{}",
        })
        .execute();
      return { projectId, integrationId: id };
    },

    async connect(
      { projectId, integrationId }: TestEndpoint,
      account: { workspaceId?: string; clientId?: string } = {},
    ): Promise<TestConnection> {
      const { workspaceId = randomUUID(), clientId = developmentKeys.clientId } = account;
      const [id, userId, botId] = [randomUUID(), randomUUID(), randomUUID()];
      await db
        .insertInto("connected_users")
        .values({ id: userId, project_id: projectId, external_id: `user-${userId}` })
        .execute();
      await db
        .insertInto("connections")
        .values({
          id,
          project_id: projectId,
          integration_id: integrationId,
          connector_id: "notion",
          user_id: userId,
          status: "VALID",
          account_id: botId,
          provider_data: { workspaceId, botId, userId: randomUUID() },
          client_id: clientId,
          base_url: "https://api.notion.com",
          sealed_tokens: Buffer.alloc(0),
        })
        .execute();
      return { id, workspaceId, botId };
    },

    /** A subscription to the connection, with the row that says how it is watched. */
    async listen(
      { projectId, integrationId }: TestEndpoint,
      connection: TestConnection,
      { pausedAt = null as Date | null, catchesUp = false } = {},
    ): Promise<void> {
      const id = randomUUID();
      const { user_id: userId } = await db
        .selectFrom("connections")
        .select("user_id")
        .where("id", "=", connection.id)
        .executeTakeFirstOrThrow();
      await db
        .insertInto("subscriptions")
        .values({
          id,
          project_id: projectId,
          integration_id: integrationId,
          user_id: userId,
          connection_id: connection.id,
          trigger_id: "page-updated",
          url: "https://example.com",
          sealed_secret: Buffer.alloc(0),
        })
        .execute();
      await db
        .insertInto("listeners")
        .values({
          id: randomUUID(),
          project_id: projectId,
          connection_id: connection.id,
          trigger_id: "page-updated",
          subscription_id: id,
          paused_at: pausedAt,
          catches_up: catchesUp,
        })
        .execute();
      await db
        .insertInto("watches")
        .values({
          connection_id: connection.id,
          project_id: projectId,
          connector_id: "notion",
          since: new Date(),
          watermark: new Date(),
        })
        .execute();
    },
  };
}
