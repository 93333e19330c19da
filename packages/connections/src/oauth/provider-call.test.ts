import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callProvider } from "./provider-call.ts";

let server: Server;
let received: number;

beforeEach(async () => {
  received = 0;
  server = createServer(() => {
    received += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("a provider that does not answer in time may have acted and is not asked again", async () => {
  const { port } = server.address() as AddressInfo;
  const answer = await callProvider({
    title: "Acme",
    url: new URL(`http://127.0.0.1:${port}/token`),
    headers: {},
    body: "{}",
    limits: { attemptMs: 300, totalMs: 5000 },
  });
  expect(answer).toEqual({ kind: "lost", reason: "timeout" });
  expect(received).toBe(1);
});
