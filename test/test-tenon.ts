import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiKeyStore } from "@tenon/postgres";
import { createTestDatabase } from "@tenon/postgres/testing";
import { importPKCS8, type JWTPayload, SignJWT } from "jose";
import { createLocalNotion, developmentApp, type LocalNotionOptions } from "local-notion";
import { pino } from "pino";
import { Agent, fetch } from "undici";
import { readConfig } from "../apps/server/src/config.ts";
import { createApiKeyText, storeApiKey } from "../apps/server/src/identity/api-keys.ts";
import { startTenon } from "../apps/server/src/start-tenon.ts";

interface Options {
  localNotion?: LocalNotionOptions;
  /** Environment beside what the test itself sets. */
  environment?: Record<string, string>;
  /** Where the server says it is, with `PORT` for the port it got. */
  url?: string;
}

/** A whole Tenon with its own database and its own Local Notion, and one project. */
export async function startTestTenon(options: Options = {}) {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-test-"));
  const localNotion = await createLocalNotion({
    settings: { rateLimit: null },
    ...options.localNotion,
  });
  const port = await freePort();
  const config = readConfig({
    NODE_ENV: "test",
    PORT: String(port),
    TENON_DATA: dataDir,
    DATABASE_URL: database.connectionString,
    LOG_LEVEL: "silent",
    ...(options.url !== undefined && { TENON_URL: options.url.replace("PORT", String(port)) }),
    ...options.environment,
  });
  const tenon = await startTenon({
    config,
    developmentKeys: { notion: { ...developmentApp, baseUrl: localNotion.url } },
    log: pino({ level: config.logLevel }),
    onProgress: () => {},
  });
  // By address: machines differ in how they resolve names under localhost.
  const origin = `${config.tls ? "https" : "http"}://127.0.0.1:${port}`;
  const access = await openTenon(origin, tenon.services.apiKeys);

  return {
    url: config.url,
    port,
    tenon,
    database,
    localNotion,
    ...access,
    async [Symbol.asyncDispose]() {
      await tenon.stop();
      await localNotion.close();
      await database[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Access to a running Tenon with a key of the instance, and one project. */
export async function openTenon(origin: string, apiKeys: ApiKeyStore) {
  const instanceKey = createApiKeyText();
  await storeApiKey(apiKeys, instanceKey, { projectId: null, title: "Test" });
  const manage = createManager(origin, instanceKey);
  const project = await createProject(manage, "Acme");
  return {
    instanceKey,
    manage,
    ...project,
    /** One more project, for tests of what must stay apart. */
    createProject: (title: string) => createProject(manage, title),
    /** A call with a user token; the body parsed where it is JSON. */
    call: (path: string, request: CallRequest) => call(origin + path, request),
  };
}

export type TestTenon = Awaited<ReturnType<typeof startTestTenon>>;

interface CallRequest {
  token?: string | undefined;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Trusts any certificate: tests that serve TLS sign their own. */
const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });

async function call(url: string, { token, method = "GET", body, headers }: CallRequest) {
  const response = await fetch(url, {
    dispatcher,
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

type Manage = ReturnType<typeof createManager>;

/** Calls the management API and fails the test where it does not answer with success. */
function createManager(url: string, apiKey: string) {
  return async (method: string, path: string, body?: unknown) => {
    const answer = await call(url + path, { token: apiKey, method, body });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  };
}

async function createProject(manage: Manage, title: string) {
  const { id: projectId } = await manage("POST", "/api/projects", {
    title,
    allowedOrigins: ["http://localhost:*", "http://127.0.0.1:*", "https://*.localhost:*"],
  });
  const signingKey = await manage("POST", `/api/projects/${projectId}/signing-keys`, {});
  const integration = await manage("PUT", `/api/projects/${projectId}/integrations/notion`, {});
  return {
    projectId: projectId as string,
    signingKeyId: signingKey.id as string,
    signingKey: signingKey.privateKey as string,
    integrationId: integration.id as string,
    signToken: (userId: string, options?: TokenOptions) =>
      signToken(signingKey.privateKey, userId, options),
  };
}

interface TokenOptions {
  expiresInS?: number;
  claims?: JWTPayload;
}

async function signToken(privateKey: string, userId: string, options: TokenOptions = {}) {
  const nowS = Math.floor(Date.now() / 1000);
  return new SignJWT(options.claims ?? {})
    .setProtectedHeader({ alg: "RS256" })
    .setSubject(userId)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + (options.expiresInS ?? 3600))
    .sign(await importPKCS8(privateKey, "RS256"));
}

/** A port that was free a moment ago: the public URL has to be known before the server listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
