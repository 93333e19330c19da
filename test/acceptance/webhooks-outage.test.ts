import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signWebhookPayload } from "@notionhq/client";
import { startEmbeddedPostgres } from "@tenon/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let dataDir: string;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let tenon: TestTenon;
const token = "secret_outage";

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tenon-webhooks-outage-"));
  server = await startEmbeddedPostgres({ dataDir });
  tenon = await startTestTenon({ environment: { DATABASE_URL: server.connectionString } });
  await send({ verification_token: token });
  const path = `/api/projects/${tenon.projectId}/integrations/notion/webhook/activate`;
  await tenon.manage("POST", path, { token });
});
afterAll(async () => {
  await tenon?.[Symbol.asyncDispose]();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function send(content: object) {
  const body = JSON.stringify(content);
  const signature = await signWebhookPayload({ body, verificationToken: token });
  return tenon.call(`/webhooks/${tenon.integrationId}`, {
    method: "POST",
    body,
    headers: { "x-notion-signature": signature },
  });
}

const pageEvent = () => ({
  id: randomUUID(),
  type: "page.created",
  timestamp: new Date().toISOString(),
  workspace_id: "w",
  authors: [],
  entity: { id: "p", type: "page" },
});

it("an event is acknowledged only when it is durable; what is not is sent again and there once", async () => {
  const ids: string[] = [];

  /** As the provider does it: the same event until it is acknowledged. */
  async function deliver(): Promise<void> {
    const event = pageEvent();
    ids.push(event.id);
    for (;;) {
      const { status, body, headers } = await send(event);
      if (status === 200) return;
      expect([status, body.code, headers.get("retry-after")]).toEqual([
        503,
        "service_unavailable",
        "1",
      ]);
    }
  }

  for (let round = 0; round < 12; round += 1) {
    if (round % 4 === 1) await killPostgres();
    await Promise.all(Array.from({ length: 20 }, deliver));
  }

  const found = await Promise.all(
    ids.map((id) => tenon.manage("GET", `/api/projects/${tenon.projectId}/webhook-events/${id}`)),
  );
  expect(found.map((one) => one.providerEventId)).toEqual(ids);
  const all = new Set<string>();
  let cursor: string | null = "";
  let listed = 0;
  while (cursor !== null) {
    const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = await tenon.manage(
      "GET",
      `/api/projects/${tenon.projectId}/webhook-events?limit=100${query}`,
    );
    listed += page.events.length;
    for (const event of page.events) all.add(event.providerEventId);
    cursor = page.nextCursor;
  }
  expect([listed, all.size]).toEqual([ids.length, ids.length]);
}, 120_000);

it("while the database stays away the provider is told to come again, and is heard when it is back", async () => {
  await using network = await startNetwork(tenon.database.connectionConfig);
  await using cut = await startTestTenon({ environment: { DATABASE_URL: network.url } });
  const path = `/webhooks/${cut.integrationId}`;
  const post = async (content: object) => {
    const body = JSON.stringify(content);
    const signature = await signWebhookPayload({ body, verificationToken: token });
    return cut.call(path, {
      method: "POST",
      body,
      headers: { "x-notion-signature": signature },
    });
  };
  const base = `/api/projects/${cut.projectId}`;
  await post({ verification_token: token });
  await cut.manage("POST", `${base}/integrations/notion/webhook/activate`, { token });
  const events = Array.from({ length: 30 }, pageEvent);
  expect((await post(pageEvent())).status).toBe(200);

  network.cut();
  for (const { status, headers } of await Promise.all(events.map(post))) {
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  }
  network.mend();
  for (const event of events) {
    await expect.poll(async () => (await post(event)).status).toBe(200);
  }
  const { events: listed } = await cut.manage("GET", `${base}/webhook-events?limit=100`);
  expect(listed).toHaveLength(31);
});

/** The way to a database, which can be cut. */
async function startNetwork(database: TestTenon["database"]["connectionConfig"]) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const network = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = database.host.startsWith("/")
      ? connect(`${database.host}/.s.PGSQL.${database.port}`)
      : connect(database.port, database.host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  network.listen(0, "127.0.0.1");
  await once(network, "listening");
  const { port } = network.address() as AddressInfo;
  const cut = () => {
    isCut = true;
    for (const one of sockets) one.destroy();
    sockets.clear();
  };
  const { user, password, database: name } = database;
  return {
    url: `postgresql://${user}:${encodeURIComponent(password ?? "")}@127.0.0.1:${port}/${name}`,
    cut,
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      network.close();
    },
  };
}

/** Ends the database's main process as a crash would; its launcher starts it again. */
async function killPostgres(): Promise<void> {
  const pidFile = await readFile(join(dataDir, "postgres/data/postmaster.pid"), "utf8");
  process.kill(Number.parseInt(pidFile, 10), "SIGKILL");
}
