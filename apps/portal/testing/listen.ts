import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listening extends AsyncDisposable {
  port: number;
}

/** A server on a free port of this machine. */
export async function listen(
  answer: (url: URL, request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listening> {
  const server = createServer((request, response) =>
    answer(new URL(request.url ?? "/", "http://stub"), request, response),
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
