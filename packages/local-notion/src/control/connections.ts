import { pageTitle } from "../api/titles.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { endConnection } from "../oauth/tokens.ts";
import type { Connection } from "../store/records.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";

export const connectionRoutes: ControlRoute[] = [
  { method: "GET", path: "/_local/connections", answer: listConnections },
  { method: "DELETE", path: "/_local/connections/:id", answer: revokeConnection },
];

/** The apps that people gave access, and to what; of one workspace when it is named. */
function listConnections({ instance, search }: ControlCall): object {
  const asked = search.get("workspace_id");
  return [...instance.store.all("connections")]
    .filter(({ revokedTime }) => revokedTime === null)
    .filter(({ workspaceId }) => asked === null || workspaceId === asked)
    .map((connection) => present(instance, connection));
}

function present({ store }: Instance, connection: Connection): object {
  const { id, appId, workspaceId, personId, shared, createdTime, grantedTime } = connection;
  const person = personId === null ? undefined : store.get("people", personId);
  return {
    id,
    app: { id: appId, name: store.get("apps", appId)?.name ?? null },
    workspace: { id: workspaceId, name: store.get("workspaces", workspaceId)?.name ?? null },
    person: person ? { id: person.id, name: person.name } : null,
    pages: shared === "all" ? "all" : shared.map((pageId) => presentPage(pageId)),
    createdTime: new Date(createdTime).toISOString(),
    grantedTime: new Date(grantedTime).toISOString(),
  };

  function presentPage(pageId: string): object {
    const node = store.get("nodes", pageId);
    return { id: pageId, title: node ? pageTitle(node) : "" };
  }
}

/** What a person does in Notion's settings: the app's tokens die at once. */
function revokeConnection({ instance, params }: ControlCall): object {
  const connection = instance.store.get("connections", params["id"] ?? "");
  if (!connection || connection.revokedTime !== null) {
    throw new NotionError([404, "object_not_found"], `There is no connection ${params["id"]}.`);
  }
  endConnection(instance, connection);
  return { ok: true };
}
