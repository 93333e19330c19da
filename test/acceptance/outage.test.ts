import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedPostgres } from "@tenon/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectAccount } from "../connect-account.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let dataDir: string;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let tenon: TestTenon;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tenon-outage-"));
  server = await startEmbeddedPostgres({ dataDir });
  tenon = await startTestTenon({ environment: { DATABASE_URL: server.connectionString } });
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

it("answers 503 while the database is away, loses nothing, and works again by itself", async () => {
  const { token } = await connectAccount(tenon, { userId: "ada" });
  const me = `/projects/${tenon.projectId}/sdk/me`;
  const proxied = `/projects/${tenon.projectId}/sdk/proxy/notion/v1/users/me`;
  const acknowledged: Record<string, number> = {};
  const outages = new Set<string>();
  let goodInARow = 0;

  for (let round = 0; goodInARow < 20; round++) {
    if (round === 10) await killPostgres();
    const name = `w${round}`;
    const answers = await Promise.all([
      tenon.call(me, { token, method: "PATCH", body: { meta: { [name]: round } } }),
      tenon.call(proxied, { token }),
      tenon.call("/readyz", {}),
    ]);
    for (const { status, body, headers } of answers) {
      if (status === 200) continue;
      expect([status, body.code]).toEqual([503, "service_unavailable"]);
      expect(headers.get("retry-after")).toBe("1");
      outages.add(body.meta.requestId);
    }
    if (answers[0].status === 200) acknowledged[name] = round;
    const allGood = answers.every(({ status }) => status === 200);
    goodInARow = allGood && round > 10 ? goodInARow + 1 : 0;
  }

  expect(outages.size).toBeGreaterThan(0);
  const { body } = await tenon.call(me, { token });
  expect(body.meta).toMatchObject(acknowledged);
  expect(body.integrations.notion.credentialStatus).toBe("VALID");
});

/** Ends the database's main process as a crash would; its launcher starts it again. */
async function killPostgres(): Promise<void> {
  const pidFile = await readFile(join(dataDir, "postgres/data/postmaster.pid"), "utf8");
  process.kill(Number.parseInt(pidFile, 10), "SIGKILL");
}
