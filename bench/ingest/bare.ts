import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { openDatabase } from "@tenon/postgres";
import * as z from "zod";
import { serveParty } from "../party.ts";
import type { IngestTarget } from "./load.ts";

/**
 * The least that takes in events without losing or doubling any: it checks the signature and inserts
 * one row for each request, before it answers. Nothing is routed.
 */
const [databaseUrl = ""] = process.argv.slice(2);
const token = "secret_bare";
const { pool, stop } = await openDatabase({ databaseUrl, dataDir: "" });
await pool.query("create table bare_events (id text primary key, body bytea not null)");

const Event = z.object({ id: z.string() });

async function take(body: Buffer, signature: unknown): Promise<number> {
  const expected = Buffer.from(`sha256=${createHmac("sha256", token).update(body).digest("hex")}`);
  const given = Buffer.from(String(signature));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 400;
  const { id } = Event.parse(JSON.parse(body.toString()));
  await pool.query({
    name: "insert",
    text: "insert into bare_events (id, body) values ($1, $2) on conflict do nothing",
    values: [id, body],
  });
  return 200;
}

const server = createServer((request, response) => {
  void buffer(request)
    .then((body) => take(body, request.headers["x-notion-signature"]))
    .catch(() => 500)
    .then((status) => response.writeHead(status, { "content-length": 0 }).end());
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  const accounts = [{ workspaceId: "bare", botId: "bare" }];
  serveParty({
    facts: { port, path: "/", token, accounts } satisfies IngestTarget,
    stop,
  });
});
