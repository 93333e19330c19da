import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request } from "undici";
import { serveParty } from "../party.ts";

/** The least that passes a request on: node:http in, `undici.request` out, no checks. */
const [providerUrl = ""] = process.argv.slice(2);
const dispatcher = new Agent({ connections: 256, pipelining: 1 });

async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _, connection: __, ...headers } = incoming.headers;
  const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
  const answer = await request(providerUrl + incoming.url, {
    method: incoming.method ?? "GET",
    headers,
    body: hasBody ? incoming : null,
    dispatcher,
  });
  const { connection: ___, ...answerHeaders } = answer.headers;
  response.writeHead(answer.statusCode, answerHeaders);
  answer.body.pipe(response);
}

const server = createServer((incoming, response) => {
  pass(incoming, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  serveParty({ facts: { port, path: "/v1/pages/0b9cbc93", token: "t".repeat(500) } });
});
