import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Receiver {
  url: string;
  /** What came in, oldest first. */
  bodies: Record<string, unknown>[];
  /** Statuses of the next answers; with none left it is 200. */
  answers: number[];
  close(): void;
}

/** A server that webhooks are sent to. */
export async function startReceiver(): Promise<Receiver> {
  const bodies: Record<string, unknown>[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      bodies.push(JSON.parse(body));
      response.writeHead(answers.shift() ?? 200).end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    bodies,
    answers,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
