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

it("tells its metrics while the database is away, without those of the queue", async () => {
  const read = async () => {
    const { status, text } = await tenon.call("/metrics", {});
    expect(status).toBe(200);
    expect(text).toMatch(/^tenon_runs_under_way 0$/m);
    return /^tenon_runs_queued [\d.]+$/m.test(text);
  };
  expect(await read()).toBe(true);
  await killPostgres();
  await expect.poll(read, { interval: 1 }).toBe(false);
  await expect.poll(read, { timeout: 20_000 }).toBe(true);
});

/** Ends the database's main process as a crash would; its launcher starts it again. */
async function killPostgres(): Promise<void> {
  const pidFile = await readFile(join(dataDir, "postgres/data/postmaster.pid"), "utf8");
  process.kill(Number.parseInt(pidFile, 10), "SIGKILL");
}
