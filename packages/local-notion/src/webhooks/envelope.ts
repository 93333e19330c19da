import { isShared } from "../api/view.ts";
import { newUuid } from "../ids.ts";
import type { Connection, Node, Subscription } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { Happening } from "./event.ts";

/** An event as it is sent, but for the number of the attempt. */
export interface Envelope {
  id: string;
  type: string;
  [key: string]: unknown;
}

/** What a subscription is sent about a happening; nothing when its app may not know of it. */
export function toEnvelope(
  store: Store,
  subscription: Subscription,
  found: Happening,
): Envelope | undefined {
  const happening = inVersion(store, subscription, found);
  if (!happening) return undefined;
  const { eventTypes } = subscription;
  if (eventTypes && !eventTypes.includes(happening.type)) return undefined;
  const seers = whoSees(store, subscription, happening);
  const [first] = seers;
  if (!first) return undefined;
  const isPublic = store.get("apps", subscription.appId)?.clientSecret !== null;
  const data = dataOf(store, subscription, happening);
  return {
    id: newUuid(),
    timestamp: new Date(happening.time).toISOString(),
    workspace_id: first.workspaceId,
    workspace_name: store.get("workspaces", first.workspaceId)?.name ?? "",
    subscription_id: subscription.id,
    integration_id: subscription.appId,
    authors: happening.authors.map((id) => ({ id, type: kindOf(store, id) })),
    ...(isPublic ? { accessible_by: seers.flatMap(accessOf) } : {}),
    attempt_number: 1,
    api_version: subscription.apiVersion,
    entity: happening.entity,
    type: happening.type,
    ...(data ? { data } : {}),
  };
}

/** Before data sources there were databases: their events were the databases'. */
function inVersion(
  store: Store,
  { apiVersion }: Subscription,
  happening: Happening,
): Happening | undefined {
  if (apiVersion !== "2022-06-28" || happening.entity.type !== "data_source") return happening;
  const databaseId = store.get("nodes", happening.entity.id)?.parentId;
  const action = happening.type.split(".")[1];
  if (databaseId === undefined) return undefined;
  if (action !== "content_updated" && action !== "schema_updated") return undefined;
  const entity = { id: databaseId, type: "database" as const };
  return { ...happening, type: `database.${action}`, entity };
}

function whoSees(store: Store, { appId }: Subscription, happening: Happening): Connection[] {
  const node = store.get("nodes", happening.nodeId ?? "");
  return [...store.all("connections")].filter(
    (connection) =>
      connection.appId === appId &&
      connection.revokedTime === null &&
      (node ? isShared(store, connection, node) : happening.authors.includes(connection.id)),
  );
}

function accessOf({ id, personId }: Connection): object[] {
  const bot = { id, type: "bot" };
  return personId === null ? [bot] : [{ id: personId, type: "person" }, bot];
}

function kindOf(store: Store, id: string): string {
  return store.get("people", id) ? "person" : "bot";
}

function dataOf(
  store: Store,
  { apiVersion }: Subscription,
  happening: Happening,
): object | undefined {
  const isOnlyExtra =
    happening.entity.type === "file_upload" ||
    happening.type === "page.transcription_block.transcript_deleted";
  if (isOnlyExtra) return Object.keys(happening.extra).length > 0 ? happening.extra : undefined;
  const action = happening.type.split(".")[1];
  const node = store.get("nodes", happening.entity.id);
  return {
    ...(node ? { parent: parentOf(store, node, apiVersion) } : {}),
    ...(action === "content_updated" ? { updated_blocks: happening.updatedBlocks } : {}),
    ...(happening.updatedProperties.length > 0
      ? { updated_properties: happening.updatedProperties }
      : {}),
    ...happening.extra,
  };
}

function parentOf(store: Store, node: Node, apiVersion: string): object {
  const parent = store.get("nodes", node.parentId);
  if (!parent) return { id: node.parentId, type: "space" };
  if (parent.kind !== "data_source") return { id: parent.id, type: parent.kind };
  const database = { id: parent.parentId, type: "database" };
  return apiVersion === "2022-06-28" ? database : { ...database, data_source_id: parent.id };
}
