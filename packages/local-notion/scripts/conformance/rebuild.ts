import { developmentApp } from "../../src/oauth/development-app.ts";
import { hashSecret } from "../../src/oauth/tokens.ts";
import { allCapabilities } from "../../src/oauth/development-app.ts";
import type { Instance } from "../../src/instance.ts";
import type { Node } from "../../src/store/records.ts";
import { newUuid } from "../../src/ids.ts";
import { importObject } from "./import-state.ts";
import { findKnown, parentOf, type Known } from "./known-objects.ts";
import { isObject, textOf, type Exchange, type JsonObject } from "./recording.ts";
import { toComment, toNode, toPerson, toUpload, toView } from "./to-records.ts";

export const token = "ntn_conformance";
export const workspaceId = "8f1c2d3e-4b5a-4c6d-8e7f-90a1b2c3d4e5";

/** Databases and data sources that other cassettes of the same workspace show, by their ids. */
export type Elsewhere = ReadonlyMap<string, JsonObject>;

/** Puts into an empty instance what a cassette shows to have been there before it began. */
export function rebuild(instance: Instance, exchanges: Exchange[], elsewhere: Elsewhere): void {
  const { store } = instance;
  const known = findKnown(exchanges);
  store.clear();
  store.put("workspaces", {
    id: known.workspace.id || workspaceId,
    name: known.workspace.name,
    icon: null,
    idPrefix: "3ac0de10ca1a",
  });
  const home = known.workspace.id || workspaceId;
  for (const user of known.people) store.put("people", toPerson(user, home));
  putBot(instance, known, home);
  for (const node of toNodes(known, { home, elsewhere })) store.put("nodes", node);
  for (const comment of known.comments) store.put("comments", toComment(comment, home));
  for (const view of known.views) store.put("views", toView(view));
  for (const upload of known.uploads) store.put("uploads", toUpload(upload, home));
  store.commit();
  for (const row of known.nodes) {
    if (!store.get("nodes", textOf(row["id"]))) importObject(instance, row, new Map());
  }
  store.commit();
}

function putBot(instance: Instance, known: Known, home: string): void {
  const { store } = instance;
  store.put("apps", {
    id: developmentApp.clientId,
    name: known.bot.name,
    clientSecret: null,
    redirectUris: [],
    allowsLoopbackRedirects: false,
    capabilities: allCapabilities,
  });
  store.put("connections", {
    id: known.bot.id,
    appId: developmentApp.clientId,
    workspaceId: home,
    personId: null,
    shared: "all",
    createdTime: 0,
    grantedTime: 0,
    revokedTime: null,
  });
  store.put("tokens", {
    id: hashSecret(token),
    kind: "access",
    connectionId: known.bot.id,
    partnerId: null,
    issuedTime: 0,
  });
}

interface Surroundings {
  home: string;
  elsewhere: Elsewhere;
}

/** Nodes for all that was there, and something for each parent that is never shown itself. */
function toNodes(known: Known, { home, elsewhere }: Surroundings): Node[] {
  const nodes = known.nodes.map((object, index) =>
    toNode(object, { home, order: known.orders.get(textOf(object["id"])) ?? index * 1_024 }),
  );
  const present = new Set([home, ...nodes.map(({ id }) => id)]);
  const stubs: Node[] = [];
  const wanted = [
    ...nodes.map(({ parentId }) => parentId),
    ...known.comments.map((comment) => parentOf(comment) ?? home),
    ...known.usedParents,
  ];
  for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
    if (present.has(id) || known.made.has(id)) continue;
    const shown = elsewhere.get(id);
    const stub = shown ? toNode(shown, { home, order: 0 }) : toStub(id, known, home);
    // Rows nothing tells the columns of bring their data source when they are imported.
    if (stub === undefined) continue;
    stubs.push(stub);
    present.add(id);
    wanted.push(stub.parentId);
  }
  const hidden = known.hollow.map((id) => ({ ...blockStub(newUuid(), known, home), parentId: id }));
  const placed = new Set([home, ...stubs.map(({ id }) => id), ...nodes.map(({ id }) => id)]);
  const rows = nodes.filter(({ parentId }) => !placed.has(parentId) && !known.made.has(parentId));
  const later = new Set(rows.map(({ id }) => id));
  return [...stubs, ...nodes.filter(({ id }) => !later.has(id)), ...hidden];
}

function toStub(id: string, known: Known, home: string): Node | undefined {
  if (known.kinds.get(id) === "data_source_id") return undefined;
  const source = known.databaseParents.get(id);
  if (source) {
    const node = toNode({ ...source, id, object: "database" }, { home, order: 0 });
    const parent = source["database_parent"];
    const parentId = isObject(parent) ? parentOf({ parent }) : undefined;
    return { ...node, parentId: parentId ?? home, inTrash: false };
  }
  return known.kinds.get(id) === "block_id"
    ? blockStub(id, known, home)
    : pageStub(id, known, home);
}

function base(id: string, known: Known, home: string) {
  return {
    id,
    workspaceId: home,
    parentId: home,
    order: 0,
    createdTime: 0,
    createdBy: known.bot.id,
    editedTime: 0,
    editedBy: known.bot.id,
    inTrash: false,
  };
}

function pageStub(id: string, known: Known, home: string): Node {
  const looks = { icon: null, cover: null, isLocked: false, isArchived: false };
  return { kind: "page", ...base(id, known, home), ...looks, properties: {} };
}

function blockStub(id: string, known: Known, home: string): Node {
  return { kind: "block", ...base(id, known, home), type: "toggle", content: { rich_text: [] } };
}
