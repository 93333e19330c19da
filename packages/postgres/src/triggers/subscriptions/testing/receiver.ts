import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

export type Answer = (response: ServerResponse, received: Received) => void;

/** A customer's receiver of webhooks, which answers as it is told. */
export async function startReceiver(first: Answer = (response) => response.end("ok")) {
  const got: Received[] = [];
  let answer = first;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { url: path = "", headers } = request;
      const received = { path, headers, body, at: Date.now() };
      got.push(received);
      answer(response, received);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    got,
    answerWith(next: Answer) {
      answer = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Answers with a status. */
export function withStatus(
  status: number,
  headers: Record<string, string> = {},
  body = "",
): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}
