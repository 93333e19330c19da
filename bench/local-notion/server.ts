import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createHttpServer } from "../../packages/local-notion/src/http/server.ts";
import { scanRows } from "../../packages/local-notion/src/query/query-rows.ts";
import { serveParty } from "../party.ts";
import { queries, searches } from "./questions.ts";
import { scanTitles } from "./scan-titles.ts";
import { fillWorkspace } from "./workspace.ts";

/** A Local Notion with so many rows, which also answers the same by looking at every row. */
const [rows = "0", dataFile] = process.argv.slice(2);
const before = memoryMB();
const { instance, token, source, view, fillMs } = fillWorkspace(Number(rows), dataFile);
const filled = memoryMB();
const server = createHttpServer(instance).listen(0, "127.0.0.1");
await once(server, "listening");
// A listening TCP server has an address with a port.
const { port } = server.address() as AddressInfo;

function memoryMB(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

/** How long it takes to find the first hundred by looking at all, without presenting them. */
function scan(label: string): number {
  const started = performance.now();
  const query = queries.find((one) => one.label === label);
  const search = searches.find((one) => one.label === label);
  if (query) {
    scanRows(source, { filter: query.filter, sorts: query.sorts, inTrash: false }, view).slice(
      0,
      100,
    );
  }
  if (search) scanTitles(view, search.query).slice(0, 100);
  return performance.now() - started;
}

serveParty({
  facts: { port, token, sourceId: source.id, fillMs, heapMB: filled - before },
  answer: async (question) => {
    if ("scan" in question) return scan(String(question.scan));
    return memoryMB() - before;
  },
  stop: async () => {
    server.closeAllConnections();
    server.close();
    instance.store.close();
  },
});
