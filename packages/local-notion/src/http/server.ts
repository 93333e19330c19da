import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Instance } from "../instance.ts";
import { streamEvents } from "../control/events.ts";
import type { Answer } from "./handle-request.ts";
import { securityHeaders } from "./reply.ts";

// Not by `import`, which would load all that `node:http` offers, a WebSocket client among it: that
// takes longer than the rest of it.
const { createServer } = process.getBuiltinModule("node:http");

/**
 * What answers requests is most of the code, of which a start needs nothing: it is loaded while the
 * server listens already, and the first request waits for it if it comes that soon.
 */
export const loadAnswers = () => import("./handle-request.ts");

/** An HTTP server for an instance, not yet listening. */
export function createHttpServer(instance: Instance): Server {
  const server = createServer((request, response) => {
    void respond(instance, request, response);
  });
  return server.once("listening", () => setImmediate(() => void loadAnswers()));
}

async function respond(
  instance: Instance,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (/^\/_local\/events(\?|$)/.test(request.url ?? "") && request.method === "GET") {
      streamEvents(instance, request, response);
      return;
    }
    const { handleRequest } = await loadAnswers();
    send(await handleRequest(instance, request), request, response);
  } catch (error) {
    // Only what fails outside of any request's own handling gets here: a body cut short, say.
    if (!response.headersSent) response.writeHead(400, securityHeaders);
    response.end();
    if (!request.destroyed && error instanceof Error) request.destroy(error);
  }
}

function send(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  const body = Buffer.from(answer.body);
  const headers = { ...securityHeaders, ...answer.headers, "content-length": body.length };
  response.writeHead(answer.status, headers);
  if (answer.cutAfterBytes !== undefined) {
    response.write(body.subarray(0, answer.cutAfterBytes), () => response.destroy());
    return;
  }
  response.end(request.method === "HEAD" ? undefined : body);
}
