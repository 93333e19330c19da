import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server,
  type Socket,
} from "node:net";

export interface TestServer {
  port: number;
  url: string;
  /** What was asked, in order. */
  seen: SeenRequest[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

export type Respond = (request: SeenRequest, response: ServerResponse) => unknown;

/** An HTTP server on a free port, which writes down what it is asked. */
export async function startServer(respond: Respond): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    const { method = "", url = "", headers } = incoming;
    const body = Buffer.concat(await incoming.toArray());
    const request = { method, url, headers, body };
    seen.push(request);
    await respond(request, response);
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  return { ...(await listen(server)), seen };
}

/** A server that may say anything, byte for byte. */
export async function startRawServer(onSocket: (socket: Socket) => void): Promise<TestServer> {
  const server = createNetServer((socket) => {
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  return { ...(await listen(server)), seen: [] };
}

async function listen(server: Server): Promise<Omit<TestServer, "seen">> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
