import { type AddressInfo, createServer } from "node:net";
import { serveParty } from "../party.ts";

/**
 * Answers every request, body or none, with the same small JSON; asked for a token, with a token.
 * It knows no more of HTTP than it needs, so that it is never what is measured.
 */
const endOfHead = Buffer.from("\r\n\r\n");
const body = JSON.stringify({ object: "page", id: "0b9cbc93", ok: true });
const token = JSON.stringify({
  access_token: "ntn_benchmark",
  token_type: "bearer",
  refresh_token: null,
  bot_id: "3c1c7f0e-0000-4000-8000-000000000001",
  workspace_id: "3c1c7f0e-0000-4000-8000-000000000002",
  workspace_name: "Benchmark",
});

function toAnswer(json: string): Buffer {
  const length = Buffer.byteLength(json);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${json}`,
  );
}
const answer = toAnswer(body);
const tokenAnswer = toAnswer(token);

const server = createServer({ noDelay: true }, (socket) => {
  let pending = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf(endOfHead);
      if (end < 0) return;
      const head = pending.toString("latin1", 0, end);
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      pending = pending.subarray(end + 4 + length);
      socket.write(head.includes("/oauth/token") ? tokenAnswer : answer);
    }
  });
});
server.listen(0, "127.0.0.1", () => {
  serveParty({ facts: { port: (server.address() as AddressInfo).port } });
});
