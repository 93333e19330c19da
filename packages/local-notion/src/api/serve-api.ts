import type { IncomingMessage } from "node:http";
import findMyWay from "find-my-way";
import { toError, type Outcome } from "../faults/faults.ts";
import { readForm, readJson, readQuery } from "../http/read-body.ts";
import { jsonReply, type Reply } from "../http/reply.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { anyOf } from "../validate/schema.ts";
import type { Caller } from "./authenticate.ts";
import { blockRoutes } from "./blocks.ts";
import type { Call, Route } from "./call.ts";
import { attachUploads } from "./attach-uploads.ts";
import { commentRoutes } from "./comments.ts";
import { customEmojiRoutes } from "./custom-emojis.ts";
import { fileUploadRoutes } from "./file-uploads.ts";
import { movePageRoutes } from "./move-page.ts";
import { pageMarkdownRoutes } from "./page-markdown.ts";
import { propertyItemRoutes } from "./property-items.ts";
import { viewRoutes } from "./views.ts";
import { dataSourceRoutes } from "./data-sources.ts";
import { databaseRoutes } from "./databases.ts";
import { invalidUrl } from "./invalid-url.ts";
import { pageRoutes } from "./pages.ts";
import { queryRoutes } from "./query.ts";
import { searchRoutes } from "./search.ts";
import { restricted, userRoutes } from "./users.ts";
import { apiVersions, isAtLeast, type ApiVersion } from "./version.ts";
import { createView } from "./view.ts";

const routes: Route[] = [
  ...userRoutes,
  ...pageRoutes,
  ...blockRoutes,
  ...databaseRoutes,
  ...dataSourceRoutes,
  ...queryRoutes,
  ...searchRoutes,
  ...propertyItemRoutes,
  ...pageMarkdownRoutes,
  ...movePageRoutes,
  ...commentRoutes,
  ...fileUploadRoutes,
  ...viewRoutes,
  ...customEmojiRoutes,
];

const router = findMyWay({ ignoreTrailingSlash: true });
for (const route of routes) router.on(route.method, route.path, () => undefined, route);

export interface ApiRequest {
  message: IncomingMessage;
  path: string;
  search: URLSearchParams;
  requestId: string;
  fault: Outcome | undefined;
}

/** Answers one request to the API, in the order in which Notion looks at one. */
export async function serveApi(
  instance: Instance,
  caller: Caller,
  request: ApiRequest,
): Promise<Reply> {
  const { message, path, search, requestId, fault } = request;
  const found = findRoute(message.method ?? "GET", path);
  if (!caller.isWorkspacePage) instance.limiter.take(caller.connection.id);
  const version = readVersion(message.headers["notion-version"]);
  if (!found || !isAtLeast(version, found.route.since ?? version)) throw invalidUrl();
  const { route, params } = found;
  if (route.capability && !caller.app.capabilities[route.capability]) throw restricted();
  const body = route.takesForm ? await readForm(message) : await readJson(message);
  const { store, clock, publicUrl, fileLinks } = instance;
  const { connection, app } = caller;
  const view = createView({ store, clock, publicUrl, version, connection, app, fileLinks });
  const query = readQuery(search);
  const call: Call = { instance, view, params, query, body, requestId };
  const { result: answer, changes } = store.transact(() => {
    if (message.method !== "GET") attachUploads(view, body);
    return route.answer(call);
  });
  instance.changes.tell(changes);
  if (fault?.when === "after_save" && fault.status) throw toError(fault, idOf(answer));
  const identified = route.namesRequest === false ? answer : { ...answer, request_id: requestId };
  return jsonReply(call.status ?? 200, identified);
}

function idOf(answer: object): string | undefined {
  return "id" in answer && typeof answer.id === "string" ? answer.id : undefined;
}

function findRoute(
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  const found = router.find(method as "GET", path);
  if (!found) return undefined;
  // The border to the router: its store is the route given to `on`, its parameters are texts.
  return { route: found.store as Route, params: found.params as Record<string, string> };
}

function readVersion(header: string | string[] | undefined): ApiVersion {
  const name = "Notion-Version header";
  if (header === undefined) throw wrongVersion("defined", "undefined");
  const version = apiVersions.find((known) => known === header);
  if (version) return version;
  throw wrongVersion(anyOf(apiVersions.map((known) => `\`"${known}"\``)), JSON.stringify(header));

  function wrongVersion(rule: string, found: string): NotionError {
    const message = `${name} failed validation: ${name} should be ${rule}, instead was \`${found}\`.`;
    return new NotionError([400, "missing_version"], message);
  }
}
