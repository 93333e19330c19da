import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notion } from "@tenon/notion";
import { importPKCS8, SignJWT } from "jose";
import { pino } from "pino";
import * as z from "zod";
import { readConfig } from "../../apps/server/src/config.ts";
import { ensureDemo } from "../../apps/server/src/demo-project.ts";
import { startTenon } from "../../apps/server/src/start-tenon.ts";
import { serveParty } from "../party.ts";

/** The real server with its embedded database, and one user who has connected the provider. */
const [providerUrl = ""] = process.argv.slice(2);
const dataDir = await mkdtemp(join(tmpdir(), "tenon-bench-"));

// The provider's real limit would be measured otherwise: 3 requests/s. The limiter itself works.
notion.api.rateLimit = { requests: 1_000_000_000, windowMs: 60_000 };

const tenon = await startTenon({
  config: readConfig({ PORT: "0", TENON_DATA: dataDir }),
  developmentKeys: { notion: { clientId: "bench", clientSecret: "bench", baseUrl: providerUrl } },
  log: pino({ level: "warn" }),
  onProgress: () => undefined,
});
const url = `http://127.0.0.1:${tenon.port}`;
const addresses = { url, localNotionUrl: providerUrl, exampleUrl: url };
const demo = await ensureDemo(dataDir, addresses, tenon.services);
if (demo === undefined) throw new Error("There is no demo project.");

const key = await importPKCS8(await readFile(demo.signingKeyFile, "utf8"), "RS256");
const token = await new SignJWT({ sub: "bench" })
  .setProtectedHeader({ alg: "RS256" })
  .setIssuedAt()
  .setExpirationTime("1h")
  .sign(key);
await connectAccount(`${url}/projects/${demo.projectId}/sdk`);

serveParty({
  facts: {
    port: tenon.port,
    path: `/projects/${demo.projectId}/sdk/proxy/notion/v1/pages/0b9cbc93`,
    token,
  },
  async stop() {
    await tenon.stop();
    await rm(dataDir, { recursive: true, force: true });
  },
});

/** With an authorization code, which the server exchanges at the provider. */
async function connectAccount(sdkUrl: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const listed = await fetch(`${sdkUrl}/integrations`, { headers });
  const [integration] = z.array(z.object({ id: z.uuid() })).parse(await listed.json());
  const body = JSON.stringify({ integrationId: integration?.id, code: "bench" });
  const connected = await fetch(`${sdkUrl}/credentials`, { method: "POST", headers, body });
  if (!connected.ok) throw new Error(`No connection: ${await connected.text()}`);
}
