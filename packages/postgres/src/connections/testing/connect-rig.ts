import { randomUUID } from "node:crypto";
import {
  type AuthorizationStore,
  createAppCredentialsSource,
  createConnectFlow,
  createCredentialSource,
  createDisconnect,
  createKeyRingText,
  createSealer,
  type InstallOptions,
  type IntegrationKeys,
  type Log,
  parseKeyRing,
  type RenewalTiming,
  type TokenStore,
  type UserScope,
} from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { Kysely, PostgresDialect } from "kysely";
import { developmentApp } from "local-notion";
import { createChangeFeed } from "../../change-feed.ts";
import { createPool } from "../../create-pool.ts";
import type { Database } from "../../tables.ts";
import { createAuthorizationStore } from "../authorization-store.ts";
import { createConnectionStore } from "../connection-store.ts";
import { createDataKeyStore } from "../data-key-store.ts";
import { createIntegrationKeysReader } from "../integration-keys-reader.ts";
import { createTokenStore } from "../token-store.ts";

/** All that a process of Tenon does with connections, on a database and a provider. */
export interface RigOptions {
  connectionString: string;
  /** Where the provider is. */
  providerUrl: string;
  connector: Connector;
  keyRing?: string;
  /** Of the development app, if not the right one. */
  clientSecret?: string;
  timing?: Partial<RenewalTiming>;
  /** The connector that development keys are for, if not the one in use. */
  developmentConnectorId?: string;
  /** Stands between the tested code and the database. */
  wrapTokens?: (tokens: TokenStore) => TokenStore;
  wrapAuthorizations?: (authorizations: AuthorizationStore) => AuthorizationStore;
}

export const redirectUri = "http://127.0.0.1:4780/oauth";

/** Short enough for tests, long enough not to run out by chance. */
export const testTiming: Partial<RenewalTiming> = {
  leaseMs: 1500,
  pollMs: 20,
  graceMs: 200,
  retryBaseMs: 200,
};

export type ConnectRig = Awaited<ReturnType<typeof createConnectRig>>;

export async function createConnectRig(options: RigOptions) {
  const { connectionString, connector } = options;
  const keyRing = options.keyRing ?? createKeyRingText();
  const pool = createPool({ connectionString });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const changeFeed = createChangeFeed({ connectionString });
  await changeFeed.ready;
  const logged: { facts: object; message: string }[] = [];
  const write = (facts: object, message: string) => void logged.push({ facts, message });
  const log: Log = { info: write, warn: write, error: write };
  const connectors = new Map([[connector.id, connector]]);
  const { developmentConnectorId = connector.id } = options;
  const { clientSecret = developmentApp.clientSecret, providerUrl: baseUrl } = options;
  const developmentKeys = new Map([
    [developmentConnectorId, { ...developmentApp, clientSecret, baseUrl }],
  ]);
  const dataKeys = createDataKeyStore(db);
  const sealer = createSealer({ keyRing: parseKeyRing(keyRing), dataKeys, changeFeed });
  const integrations = createIntegrationKeysReader(db);
  const appCredentials = createAppCredentialsSource({
    connectors,
    developmentKeys,
    integrations,
    sealer,
  });
  const { wrapTokens = (it) => it, wrapAuthorizations = (it) => it } = options;
  const authorizations = wrapAuthorizations(createAuthorizationStore(db));
  const connections = createConnectionStore(db);
  const tokens = wrapTokens(createTokenStore(db));
  const shared = { connectors, appCredentials, sealer, log };
  const credentials = createCredentialSource({
    ...shared,
    tokens,
    changeFeed,
    timing: { ...testTiming, ...options.timing },
  });
  const flow = createConnectFlow({ ...shared, authorizations, connections, credentials });
  const disconnect = createDisconnect({ ...shared, connections, credentials });
  return {
    ...shared,
    db,
    pool,
    changeFeed,
    dataKeys,
    keyRing,
    authorizations,
    connections,
    tokens,
    flow,
    credentials,
    disconnect,
    logged,
    async [Symbol.asyncDispose]() {
      await credentials.close();
      await flow.close();
      sealer.close();
      await changeFeed.stop();
      if (!pool.ending) await pool.end();
    },
  };
}

export interface Tenant {
  scope: UserScope;
  integration: IntegrationKeys;
}

/** A project with the connector enabled and one connected user. */
export async function createTenant({ db, sealer, connectors }: ConnectRig): Promise<Tenant> {
  const projectId = randomUUID();
  const [connectorId = ""] = connectors.keys();
  await db
    .insertInto("projects")
    .values({ id: projectId, title: "Test", sealed_data_key: sealer.createDataKey(projectId) })
    .execute();
  const id = randomUUID();
  await db
    .insertInto("integrations")
    .values({
      id,
      project_id: projectId,
      connector_id: connectorId,
      client_id: null,
      sealed_client_secret: null,
      portal: "{}",
    })
    .execute();
  const integration = { id, projectId, connectorId, clientId: null, sealedClientSecret: null };
  return { scope: await addUser(db, projectId), integration };
}

export async function addUser(db: Kysely<Database>, projectId: string): Promise<UserScope> {
  const userId = randomUUID();
  await db
    .insertInto("connected_users")
    .values({ id: userId, project_id: projectId, external_id: userId, meta: "{}" })
    .execute();
  return { projectId, userId };
}

/** What a person does on Local Notion's consent page; answers what the browser is sent back with. */
export async function consent(
  authorizeUrl: string,
  choice: { decision?: "allow" | "cancel"; personId?: string } = {},
): Promise<{ state: string; code?: string; error?: string }> {
  const url = new URL(authorizeUrl);
  const form = new URLSearchParams(url.searchParams);
  form.set("decision", choice.decision ?? "allow");
  if (choice.personId !== undefined) form.set("person_id", choice.personId);
  const response = await fetch(`${url.origin}${url.pathname}`, {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  const back = new URL(response.headers.get("location") ?? "").searchParams;
  const code = back.get("code");
  const error = back.get("error");
  return { state: back.get("state") ?? "", ...(code && { code }), ...(error && { error }) };
}

/** Signs a user in from beginning to end. */
export async function connect(
  { flow }: ConnectRig,
  { scope, integration }: Tenant,
  choice: { personId?: string; installOptions?: InstallOptions; sessionKey?: string } = {},
) {
  const { installOptions = {}, sessionKey } = choice;
  const { authorizeUrl } = await flow.startAuthorization({
    integration,
    userId: scope.userId,
    redirectUri,
    installOptions,
    sessionKey,
  });
  const callback = await consent(authorizeUrl, choice);
  const outcome = await flow.completeAuthorization({ ...callback, bindings: [scope] });
  if (outcome.kind === "failed") throw new Error(outcome.failure.message);
  return outcome.connection;
}
