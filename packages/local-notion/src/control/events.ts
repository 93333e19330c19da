import type { IncomingMessage, ServerResponse } from "node:http";
import { securityHeaders } from "../http/reply.ts";
import type { Instance } from "../instance.ts";
import type { Committed, Store } from "../store/store.ts";
import { isLocalRequest } from "./local-only.ts";

/** Tables of which a person sees something. */
const shownTables = new Set(["nodes", "comments", "connections", "views", "people", "workspaces"]);

const heartbeatMs = 15_000;

/** What the stream tells of; who reads it asks for the rest. */
type StreamEvent =
  /** What one request changed; with no ids, anything may have changed. */
  | { type: "changed"; ids: string[] }
  | { type: "subscriptions"; ids: string[] }
  | { type: "deliveries"; ids: string[] };

/**
 * Server-sent events: one for every request that changed something, one for every subscription
 * that changed, and one for every delivery that begins, goes on or ends.
 */
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
  const { searchParams } = new URL(request.url ?? "/", "http://local-notion");
  const workspaceId = searchParams.get("workspace_id");
  const send = (event: StreamEvent): void => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const stopListening = [
    instance.changes.listen({
      changed: (changes) => {
        const shown = changes.filter(
          (change) => shownTables.has(change.table) && isOf(workspaceId, change, instance.store),
        );
        if (shown.length > 0) send({ type: "changed", ids: shown.map(({ id }) => id) });
        const subscriptions = changes.filter(({ table }) => table === "subscriptions");
        if (subscriptions.length === 0) return;
        send({ type: "subscriptions", ids: subscriptions.map(({ id }) => id) });
      },
      startedOver: () => send({ type: "changed", ids: [] }),
    }),
    instance.webhooks.onDelivery(({ event }) => {
      if (workspaceId !== null && event["workspace_id"] !== workspaceId) return;
      send({ type: "deliveries", ids: [event.id] });
    }),
  ];
  const heartbeat = setInterval(() => response.write(": alive\n\n"), heartbeatMs);
  response.on("close", () => {
    for (const stop of stopListening) stop();
    clearInterval(heartbeat);
  });
}

/** Whether a change is one of the workspace asked for; what is in none is everybody's. */
function isOf(workspaceId: string | null, change: Committed, store: Store): boolean {
  if (workspaceId === null) return true;
  const record = change.after ?? change.before ?? {};
  if ("workspaceId" in record) return record.workspaceId === workspaceId;
  if (!("databaseId" in record) || typeof record.databaseId !== "string") return true;
  return store.get("nodes", record.databaseId)?.workspaceId === workspaceId;
}
