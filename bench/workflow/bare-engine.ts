import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { startEmbeddedPostgres } from "@tenon/postgres";
import { createPool } from "../../packages/postgres/src/create-pool.ts";
import { serveParty } from "../party.ts";
import { createThreeSteps } from "./three-steps.ts";

/**
 * DBOS Transact with three durable steps, on the same PostgreSQL over the same kind of socket, with
 * prepared statements: the fastest way we found to run it.
 */
const [receiverUrl = ""] = process.argv.slice(2);
const dataDir = await mkdtemp(join(tmpdir(), "tenon-bench-engine-"));
// As root, PostgreSQL runs as another account, which goes through this folder.
await chmod(dataDir, 0o755);
const server = await startEmbeddedPostgres({ dataDir });
const pool = createPool(server.connectionConfig);
pool.on("connect", nameStatements);

const steps = createThreeSteps(receiverUrl);
const workflow = DBOS.registerWorkflow(
  async () => {
    for (const [index, step] of steps.entries()) {
      await DBOS.runStep(() => step(String(DBOS.workflowID)), { name: `step ${index}` });
    }
    return { ok: true };
  },
  { name: "three steps" },
);
DBOS.setConfig({
  name: "bench",
  systemDatabaseUrl: server.connectionString,
  systemDatabasePool: pool,
  logLevel: "error",
});
await DBOS.launch();

const front = createServer((request, response) => {
  const run = async () => {
    const handle = await DBOS.startWorkflow(workflow, { workflowID: randomUUID() })();
    const result = await handle.getResult();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(result));
  };
  request.resume().on("end", () => void run());
});
front.listen(0, "127.0.0.1", () => {
  serveParty({
    facts: { port: (front.address() as AddressInfo).port, path: "/", token: "none" },
    async stop() {
      front.closeAllConnections();
      await DBOS.shutdown();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  });
});

interface QueryClient {
  query: (...args: never[]) => unknown;
}

/** Gives each text of a statement a name, so that PostgreSQL parses and plans it once. */
function nameStatements(client: QueryClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const named = (text: unknown, values: unknown, ...rest: unknown[]) =>
    typeof text === "string" && Array.isArray(values) && values.length > 0
      ? query({ name: createHash("sha1").update(text).digest("hex"), text, values }, ...rest)
      : query(text, values, ...rest);
  client.query = named;
}
