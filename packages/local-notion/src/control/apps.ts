import { newNodeId, newUuid } from "../ids.ts";
import { allCapabilities } from "../oauth/development-app.ts";
import { mintLasting, newSecret } from "../oauth/tokens.ts";
import type { App } from "../store/records.ts";
import { array, object, union } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { boolean, id, literal, oneOf, optional, string } from "../validate/scalars.ts";
import { workspaceAsked } from "../workspaces/find-workspace.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";

export const appRoutes: ControlRoute[] = [
  { method: "GET", path: "/_local/apps", answer: listApps },
  { method: "POST", path: "/_local/apps", answer: registerApp },
  { method: "POST", path: "/_local/tokens", answer: mintToken },
];

const capabilities = object({
  readContent: optional(boolean()),
  updateContent: optional(boolean()),
  insertContent: optional(boolean()),
  readComments: optional(boolean()),
  insertComments: optional(boolean()),
  users: optional(oneOf(["none", "without_email", "with_email"])),
});

const appRequest = object({
  name: string({ min: 1 }),
  redirectUris: optional(array(string())),
  allowsLoopbackRedirects: optional(boolean()),
  capabilities: optional(capabilities),
});

function listApps({ instance }: ControlCall): object {
  return [...instance.store.all("apps")].map(presentApp);
}

function registerApp({ instance, body }: ControlCall): object {
  const request = parseBody(appRequest, body);
  const app: App = {
    id: newUuid(),
    name: request.name,
    clientSecret: newSecret("secret_"),
    redirectUris: request.redirectUris ?? [],
    allowsLoopbackRedirects: request.allowsLoopbackRedirects ?? false,
    capabilities: { ...allCapabilities, ...request.capabilities },
  };
  instance.store.put("apps", app);
  return presentApp(app);
}

function presentApp(app: App): object {
  const { id: clientId, ...rest } = app;
  return { clientId, ...rest };
}

const tokenRequest = object({
  name: optional(string({ min: 1 })),
  /** Pages and databases it may see; all of the workspace when absent. */
  pageIds: optional(union(array(id()), literal("all"))),
  capabilities: optional(capabilities),
  /** The first workspace when absent. */
  workspaceId: optional(string()),
});

/** Makes an internal integration and its token. */
function mintToken({ instance, body }: ControlCall): object {
  const { store, clock } = instance;
  const request = parseBody(tokenRequest, body ?? {});
  const workspace = workspaceAsked(instance, request.workspaceId ?? null);
  const app: App = {
    id: newUuid(),
    name: request.name ?? "Internal integration",
    clientSecret: null,
    redirectUris: [],
    allowsLoopbackRedirects: false,
    capabilities: { ...allCapabilities, ...request.capabilities },
  };
  store.put("apps", app);
  const connectionId = newNodeId(workspace.idPrefix);
  const now = clock.now();
  store.put("connections", {
    id: connectionId,
    appId: app.id,
    workspaceId: workspace.id,
    personId: null,
    shared: request.pageIds ?? "all",
    createdTime: now,
    grantedTime: now,
    revokedTime: null,
  });
  return {
    token: mintLasting(instance, connectionId),
    botId: connectionId,
    appId: app.id,
    workspaceId: workspace.id,
  };
}
