import { type AddressInfo, createServer } from "node:net";
import { serveParty } from "../party.ts";

/**
 * A provider that does nothing: the same 1.5 kB of JSON for every GET, and a token for whoever asks.
 * It knows no more of HTTP than the end of a request without a body, so that it is never what is
 * measured.
 */
const page = JSON.stringify({ object: "page", id: "0b9cbc93", title: "x".repeat(1_450) });
const token = JSON.stringify({
  access_token: "ntn_benchmark",
  token_type: "bearer",
  refresh_token: null,
  bot_id: "3c1c7f0e-0000-4000-8000-000000000001",
  workspace_id: "3c1c7f0e-0000-4000-8000-000000000002",
  workspace_name: "Benchmark",
});

const pageAnswer = toAnswer(page);
const tokenAnswer = toAnswer(token);
const endOfHead = Buffer.from("\r\n\r\n");

function toAnswer(body: string): Buffer {
  return Buffer.from(
    [
      "HTTP/1.1 200 OK",
      "content-type: application/json; charset=utf-8",
      "date: Sun, 22 Nov 2026 10:00:00 GMT",
      "x-notion-request-id: 9d7a3f0e-0000-4000-8000-000000000000",
      'etag: W/"5f6-abc"',
      "vary: accept-encoding",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: keep-alive",
      "",
      body,
    ].join("\r\n"),
  );
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    if (chunk.subarray(0, 4).toString("latin1") === "POST") socket.write(tokenAnswer);
    else if (chunk.subarray(-4).equals(endOfHead)) socket.write(pageAnswer);
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  serveParty({ facts: { port, path: "/v1/pages/0b9cbc93", token: "t".repeat(500) } });
});
