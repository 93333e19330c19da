import type { IncomingMessage } from "node:http";
import findMyWay from "find-my-way";
import { readJson, mostBodyBytes } from "../http/read-body.ts";
import { jsonReply, type Reply } from "../http/reply.ts";
import { serveAsset } from "../http/static-files.ts";
import { serveHostedFile } from "../files/serve-hosted-file.ts";
import { newUuid } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { appRoutes } from "./apps.ts";
import { connectionRoutes } from "./connections.ts";
import { Later, type ControlRoute } from "./control-route.ts";
import { isLocalRequest } from "./local-only.ts";
import { meetingNotesRoutes } from "./meeting-notes.ts";
import { snapshotRoutes } from "./snapshots.ts";
import { stateRoutes } from "./state.ts";
import { webhookRoutes } from "./webhooks.ts";
import { workspaceRoutes } from "./workspaces.ts";

const routes: ControlRoute[] = [
  ...stateRoutes,
  ...snapshotRoutes,
  ...workspaceRoutes,
  ...meetingNotesRoutes,
  ...appRoutes,
  ...connectionRoutes,
  ...webhookRoutes,
];

const router = findMyWay({ ignoreTrailingSlash: true });
for (const route of routes) router.on(route.method, route.path, () => undefined, route);

/** What tests and the workspace page use to look behind the API and to steer it. */
export async function serveControl(
  instance: Instance,
  message: IncomingMessage,
  url: URL,
): Promise<Reply> {
  if (url.pathname.startsWith("/_local/assets/")) return serveAsset(url.pathname);
  if (url.pathname.startsWith("/_local/files/")) {
    return serveHostedFile(instance, url.pathname, url.searchParams);
  }
  try {
    if (!isLocalRequest(message)) {
      const text = "/_local answers only requests to this machine's own name, from itself.";
      throw new NotionError([403, "restricted_resource"], text);
    }
    const found = router.find((message.method ?? "GET") as "GET", url.pathname);
    if (!found) throw new NotionError([400, "invalid_request_url"], "Invalid request URL.");
    const asked = await readJson(message, mostBodyBytes * 100);
    // The border to the router: its store is the route given to `on`.
    const route = found.store as ControlRoute;
    const params = found.params as Record<string, string>;
    const call = { instance, params, body: asked, search: url.searchParams };
    const { result, changes } = instance.store.transact(() => route.answer(call));
    if (route.startsOver) instance.changes.tellStartedOver();
    else instance.changes.tell(changes);
    const body = result instanceof Later ? await result.finish() : result;
    return jsonReply(200, body, { "cache-control": "no-store" });
  } catch (error) {
    if (!(error instanceof NotionError)) throw error;
    return jsonReply(error.status, error.toBody(newUuid()));
  }
}
