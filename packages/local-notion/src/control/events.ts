import type { IncomingMessage, ServerResponse } from "node:http";
import { securityHeaders } from "../http/reply.ts";
import type { Instance } from "../instance.ts";
import { isLocalRequest } from "./local-only.ts";

/** Tables of which a person sees something. */
const shownTables = new Set(["nodes", "comments", "connections", "views"]);

const heartbeatMs = 15_000;

/** Server-sent events: one for every request that changed something, with the ids it changed. */
export function streamEvents(
  instance: Instance,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (!isLocalRequest(request)) {
    response.writeHead(403, securityHeaders).end();
    return;
  }
  response.writeHead(200, {
    ...securityHeaders,
    "content-type": "text/event-stream",
    "cache-control": "no-store",
  });
  response.write(": connected\n\n");
  const stop = instance.changes.listen((changes) => {
    const ids = changes.filter(({ table }) => shownTables.has(table)).map(({ id }) => id);
    if (ids.length === 0) return;
    response.write(`data: ${JSON.stringify({ type: "changed", ids })}\n\n`);
  });
  const heartbeat = setInterval(() => response.write(": alive\n\n"), heartbeatMs);
  response.on("close", () => {
    stop();
    clearInterval(heartbeat);
  });
}
