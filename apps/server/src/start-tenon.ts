import { hkdfSync } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import {
  type KeyRing,
  createAppCredentialsSource,
  createConnectFlow,
  createConnectionResolver,
  createCredentialSource,
  createDisconnect,
  createLimiter,
  createProxy,
  createSealer,
  resealDataKeys,
} from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { notion } from "@tenon/notion";
import {
  createApiKeyStore,
  createAuthorizationStore,
  createChangeFeed,
  createConnectedUserStore,
  createConnectionStore,
  createDataKeyStore,
  createHousekeepingStore,
  createIntegrationKeysReader,
  createIntegrationStore,
  createProjectStore,
  createRateStore,
  createSigningKeyStore,
  createTokenStore,
  migrate,
  type OpenDatabase,
  openDatabase,
} from "@tenon/postgres";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config, DevelopmentKeys } from "./config.ts";
import { createActingServices } from "./create-acting-services.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { createApp } from "./http/create-app.ts";
import { createCallers } from "./identity/callers.ts";
import { createProjectDirectory } from "./identity/project-directory.ts";
import { createUserTokens } from "./identity/user-tokens.ts";
import { readKeyRing } from "./key-file.ts";
import { createIntegrationSettings } from "./management/integration-settings.ts";
import { serveManagement } from "./management/serve-management.ts";
import { createMetrics } from "./operations/metrics.ts";
import { serveOperations } from "./operations/serve-operations.ts";
import { createBrowserBinding } from "./pages/browser-binding.ts";
import { servePortal } from "./pages/serve-portal.ts";
import { serveSignInPages } from "./pages/serve-sign-in-pages.ts";
import { createProxyPath } from "./proxy-path.ts";
import { serveWorkflowApi } from "./serve-workflow-api.ts";
import { serveConnections, serveSignIn } from "./wire/serve-connections.ts";
import { withUser } from "./wire/serve-user.ts";
import { serveUsers } from "./wire/serve-users.ts";
import { version } from "./version.ts";
import { serveWebhooks } from "./webhooks/serve-webhooks.ts";

/** Connectors by id. */
const connectors: ReadonlyMap<string, Connector> = new Map([[notion.id, notion]]);

interface Options {
  config: Config;
  /** OAuth clients for projects without their own, by connector id. */
  developmentKeys: DevelopmentKeys;
  log: Logger;
  onProgress(message: string): void;
}

/** A running Tenon. */
export interface Tenon {
  /** The port it listens on: the one configured, or the one the system chose for 0. */
  port: number;
  services: Services;
  /** Lets requests under way end, for at most ten seconds, then frees everything. */
  stop(): Promise<void>;
}

/** Starts the one process: database, services, HTTP. */
export async function startTenon(options: Options): Promise<Tenon> {
  const { config, onProgress } = options;
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const keyRing = await readKeyRing({
    configured: config.keys,
    dataDir: config.dataDir,
    onCreated: (path) => onProgress(`Made a key that seals every token: ${path}. Keep it safe.`),
  });
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    onProgress,
  });
  const opened: { stop(): Promise<void> }[] = [database];
  const stop = async () => {
    for (const one of opened) await one.stop();
  };
  try {
    await migrate(database.kysely);
    const services = await createServices(options, database, keyRing);
    opened.unshift({ stop: () => services.close() });
    const app = await createHttp(options, services);
    await app.listen({ host: config.host, port: config.port });
    opened.unshift({ stop: () => closeApp(app) });
    return { port: (app.server.address() as AddressInfo).port, services, stop };
  } catch (error) {
    // A port that is taken must not leave the database's process behind.
    await stop();
    throw error;
  }
}

type Services = Awaited<ReturnType<typeof createServices>>;

async function createServices(options: Options, database: OpenDatabase, keyRing: KeyRing) {
  const { config, log } = options;
  const stores = createStores(database);
  const changeFeed = createChangeFeed(database.connectionConfig);
  await changeFeed.ready;
  const sealer = await openSealer({ keyRing, dataKeys: stores.dataKeys, changeFeed, log });
  const appCredentials = createAppCredentialsSource({
    connectors,
    developmentKeys: new Map(Object.entries(options.developmentKeys)),
    integrations: stores.integrationKeys,
    sealer,
  });
  const shared = { ...stores, connectors, appCredentials, sealer, changeFeed, log };
  const credentials = createCredentialSource(shared);
  const limiter = createLimiter({ store: stores.rates, log });
  const metrics = createMetrics();
  const own = { config, database, credentials, limiter, metrics };
  const acting = createActingServices({ ...shared, ...own });
  const { enrollments } = acting.lifecycle;
  const connectFlow = createConnectFlow({
    ...shared,
    credentials,
    async onConnected({ projectId, id }) {
      await enrollments.connected(projectId, id);
      await acting.watcher.resume(id);
    },
  });
  const proxy = createProxy({ credentials, limiter, log });
  const resolver = createConnectionResolver(shared);
  const directory = createProjectDirectory(stores, changeFeed);
  const housekeeping = startHousekeeping(stores.housekeeping, log);
  const userTokens = createUserTokens(new URL(config.url).hostname);

  return {
    ...stores,
    ...acting,
    enrollments,
    connectFlow,
    directory,
    resolver,
    metrics,
    createDataKey: (projectId: string) => sealer.createDataKey(projectId),
    integrationSettings: createIntegrationSettings({ ...shared, url: config.url }),
    disconnect: createDisconnect({ ...shared, credentials }),
    callers: createCallers({
      projects: directory,
      userTokens,
      users: stores.users,
      feed: changeFeed,
    }),
    binding: createBrowserBinding(bindingSecret(keyRing)),
    proxy,
    async checkDatabase() {
      await database.pool.query("select 1");
    },
    async close() {
      housekeeping.stop();
      await connectFlow.close();
      await acting.close();
      await proxy.close();
      await credentials.close();
      limiter.close();
      resolver.close();
      sealer.close();
      await changeFeed.stop();
    },
  };
}

async function openSealer(options: Parameters<typeof createSealer>[0] & { log: Logger }) {
  const { failed } = await resealDataKeys(options);
  for (const one of failed) options.log.error(one, "A project's tokens cannot be opened");
  return createSealer(options);
}

function createStores({ kysely }: OpenDatabase) {
  return {
    apiKeys: createApiKeyStore(kysely),
    authorizations: createAuthorizationStore(kysely),
    connections: createConnectionStore(kysely),
    dataKeys: createDataKeyStore(kysely),
    integrationKeys: createIntegrationKeysReader(kysely),
    integrations: createIntegrationStore(kysely),
    projects: createProjectStore(kysely),
    housekeeping: createHousekeepingStore(kysely),
    rates: createRateStore(kysely),
    signingKeys: createSigningKeyStore(kysely),
    tokens: createTokenStore(kysely),
    users: createConnectedUserStore(kysely),
  };
}

async function createHttp(options: Options, services: Services): Promise<FastifyInstance> {
  const { config, log } = options;
  const { url } = config;
  const app = await createApp({
    config,
    log,
    hotPath: createProxyPath({
      ...services,
      connectors,
      connections: services.resolver,
      log,
      count: services.metrics.countProxied,
    }),
  });
  const serve = withUser(app, services.callers);
  serveOperations(app, { ...services, url, version });
  serveManagement(app, services);
  serveUsers(serve, { ...services, connectors, url });
  serveConnections(serve, services);
  await serveWebhooks(app, { ...services, url });
  await serveWorkflowApi(app, serve, { ...services, connectors, url, log });
  serveSignIn(serve, { ...services, url });
  serveSignInPages(app, { ...services, connectors, url, log });
  await servePortal(app, { ...services, connectors });
  return app;
}

/** Derived from the active key: all processes share it, and it is good for nothing else. */
function bindingSecret(keyRing: KeyRing): Buffer {
  return Buffer.from(hkdfSync("sha256", keyRing.active.key, "", "tenon browser binding", 32));
}

async function closeApp(app: FastifyInstance): Promise<void> {
  const force = setTimeout(() => app.server.closeAllConnections(), drainMs);
  await app.close();
  clearTimeout(force);
}

const drainMs = 10_000;
