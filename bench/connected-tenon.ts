import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notion } from "@tenon/notion";
import { importPKCS8, SignJWT } from "jose";
import { pino } from "pino";
import * as z from "zod";
import { readConfig } from "../apps/server/src/config.ts";
import { ensureDemo } from "../apps/server/src/demo-project.ts";
import { startTenon } from "../apps/server/src/start-tenon.ts";

/** What a user who consented at the provider brings, and the app they consented to. */
export interface Grant {
  clientId: string;
  clientSecret: string;
  code: string;
  redirectUrl?: string;
}

const anyGrant: Grant = { clientId: "bench", clientSecret: "bench", code: "bench" };

/** The real server with its embedded database, and one user who has connected the provider. */
export async function startConnectedTenon(
  providerUrl: string,
  environment = {},
  grant: Grant = anyGrant,
) {
  const { clientId, clientSecret } = grant;
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-bench-"));
  // The provider's real limit would be measured otherwise: 3 requests/s. The limiter itself works.
  notion.api.rateLimit = { requests: 1_000_000_000, windowMs: 60_000 };

  const tenon = await startTenon({
    config: readConfig({ PORT: "0", TENON_DATA: dataDir, ...environment }),
    developmentKeys: { notion: { clientId, clientSecret, baseUrl: providerUrl } },
    log: pino({ level: "warn" }),
    onProgress: () => undefined,
  });
  const url = `http://127.0.0.1:${tenon.port}`;
  const addresses = { url, localNotionUrl: providerUrl, exampleUrl: url };
  const demo = await ensureDemo(dataDir, addresses, tenon.services);
  if (demo === undefined) throw new Error("There is no demo project.");

  const key = await importPKCS8(await readFile(demo.signingKeyFile, "utf8"), "RS256");
  const sign = (userId: string) =>
    new SignJWT({ sub: userId })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(key);
  const token = await sign("bench");
  const ask = createAsk(url);
  const sdkPath = `/projects/${demo.projectId}/sdk`;
  const listed = await ask("GET", `${sdkPath}/integrations`, token);
  const [integration] = z.array(z.object({ id: z.uuid() })).parse(listed);
  /** With an authorization code, which the server exchanges at the provider. */
  const connect = async (userId: string, given: Grant) =>
    ask("POST", `${sdkPath}/credentials`, await sign(userId), {
      integrationId: integration?.id,
      code: given.code,
      redirectUrl: given.redirectUrl,
    });
  await connect("bench", grant);
  return {
    port: tenon.port,
    projectId: demo.projectId,
    services: tenon.services,
    token,
    sdkPath,
    connect,
    askAsUser: (method: string, path: string, body?: unknown) =>
      ask(method, sdkPath + path, token, body),
    askAsDeveloper: (method: string, path: string, body?: unknown) =>
      ask(method, `/api/projects/${demo.projectId}${path}`, demo.apiKey, body),
    async stop() {
      await tenon.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function createAsk(url: string) {
  return async (method: string, path: string, key: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
}
