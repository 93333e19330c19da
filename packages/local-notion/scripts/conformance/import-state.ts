import { toDashed } from "../../src/ids.ts";
import type { Instance } from "../../src/instance.ts";
import type { Node, PropertySchema } from "../../src/store/records.ts";
import { translateBody, type IdMap } from "./compare.ts";
import {
  isObject,
  listOf,
  objectsIn,
  textOf,
  type Exchange,
  type Json,
  type JsonObject,
} from "./recording.ts";
import { plain } from "../../src/rich-text/rich-text.ts";
import { toTexts } from "./to-content.ts";
import { toColumn } from "./to-properties.ts";
import { toComment, toNode, toUpload, toView } from "./to-records.ts";

const nodeKinds = new Set(["page", "database", "data_source", "block"]);

/**
 * Puts into the workspace what an answer of Notion shows: what requests that are missing from the
 * recordings have made. What is known already is brought to the state shown.
 */
export function importAnswer(instance: Instance, answer: Json, ids: IdMap): void {
  for (const object of objectsIn(answer)) {
    if ("created_time" in object && "id" in object) importObject(instance, object, ids);
  }
  instance.store.commit();
}

export function importObject(instance: Instance, recorded: JsonObject, ids: IdMap): void {
  const object = translateBody(recorded, ids);
  if (!isObject(object)) return;
  const { store } = instance;
  const home = store.all("workspaces").next().value?.id ?? "";
  const kind = textOf(object["object"]);
  if (kind === "comment") store.put("comments", toComment(object, home));
  if (kind === "view") store.put("views", toView(object));
  if (kind === "file_upload") store.put("uploads", toUpload(object, home));
  if (!nodeKinds.has(kind)) return;
  const known = store.get("nodes", textOf(object["id"]));
  // A page shown as a block says less than what is known of it.
  if (kind === "block" && known && known.kind !== "block") return;
  const node = toNode(object, { home, order: orderOf(instance, known, object) });
  if (isInside(instance, node)) return;
  store.put("nodes", merge(known, node));
  addParent(instance, node, object);
  addSources(instance, node, object);
  addSynced(instance, object);
  if (kind === "page") addColumns(instance, node, object);
}

/** The data sources a database lists, when nothing else shows them. */
function addSources({ store }: Instance, database: Node, object: JsonObject): void {
  for (const [index, source] of listOf(object["data_sources"]).entries()) {
    if (!isObject(source) || store.get("nodes", textOf(source["id"]))) continue;
    const { id: _, parentId: __, order: ___, ...rest } = database;
    store.put("nodes", {
      ...rest,
      kind: "data_source",
      id: textOf(source["id"]),
      parentId: database.id,
      order: index,
      title: [plain(textOf(source["name"]))],
      icon: null,
      schema: [{ id: "title", name: "Name", description: null, type: "title", config: {} }],
      nextNumber: 1,
    });
  }
}

/** The other side of dual relations, when its data source is not shown with it. */
function addSynced({ store }: Instance, object: JsonObject): void {
  const columns = isObject(object["properties"]) ? Object.values(object["properties"]) : [];
  for (const column of columns) {
    const relation = isObject(column) ? column["relation"] : undefined;
    const dual = isObject(relation) ? relation["dual_property"] : undefined;
    if (!isObject(relation) || !isObject(dual)) continue;
    const target = store.get("nodes", textOf(relation["data_source_id"]));
    const id = decodeURIComponent(textOf(dual["synced_property_id"]));
    if (target?.kind !== "data_source" || id === "" || target.schema.some((one) => one.id === id))
      continue;
    const name = textOf(dual["synced_property_name"]);
    const config = { dataSourceId: textOf(object["id"]), kind: "dual_property", syncedId: null };
    const synced = { id, name, description: null, type: "relation", config };
    store.put("nodes", { ...target, schema: [...target.schema, synced] });
  }
}

/** Columns a row has that its data source was not shown with. */
function addColumns({ store }: Instance, row: Node, object: JsonObject): void {
  const source = store.get("nodes", row.parentId);
  const properties = object["properties"];
  if (source?.kind !== "data_source" || !isObject(properties)) return;
  const known = new Set(source.schema.map(({ id }) => id));
  const added = Object.entries(properties).flatMap(([name, value]) =>
    isObject(value) && !known.has(decodeURIComponent(textOf(value["id"])))
      ? [toColumn({ ...value, name, [textOf(value["type"])]: {} })]
      : [],
  );
  const schema = source.schema.map((column) => renamed(column, properties));
  store.put("nodes", { ...source, schema: [...schema, ...added] });
}

function renamed(column: PropertySchema, properties: JsonObject): PropertySchema {
  const found = Object.entries(properties).find(
    ([, value]) => isObject(value) && decodeURIComponent(textOf(value["id"])) === column.id,
  );
  return found ? { ...column, name: found[0] } : column;
}

/** The recordings hide some ids behind one and the same, which could make circles. */
function isInside({ store }: Instance, node: Node): boolean {
  for (let id = node.parentId; id !== ""; id = store.get("nodes", id)?.parentId ?? "") {
    if (id === node.id) return true;
  }
  return false;
}

function orderOf(instance: Instance, known: Node | undefined, object: JsonObject): number {
  if (known) return known.order;
  const parent = object["parent"];
  const parentId = isObject(parent) ? textOf(parent[textOf(parent["type"])]) : "";
  return instance.store.nodes.orderAtEnd(parentId);
}

/** Keeps what an answer does not tell: values cut short, and where a data source stands. */
function merge(known: Node | undefined, node: Node): Node {
  if (known?.kind === "data_source" && node.kind === "data_source") {
    // Formulas name columns inside their text, by ids that only this workspace's own text has.
    const schema = node.schema.map((column) => {
      const own = known.schema.find(({ id, type }) => id === column.id && type === "formula");
      return own ? { ...column, config: own.config } : column;
    });
    return { ...node, schema, nextNumber: known.nextNumber };
  }
  if (known?.kind === "page" && node.kind === "page") {
    return { ...node, properties: { ...known.properties, ...node.properties } };
  }
  return node;
}

function addParent(instance: Instance, node: Node, object: JsonObject): void {
  const { store } = instance;
  const known = store.get("nodes", node.parentId);
  if (known?.kind === "database" && node.kind === "data_source") {
    const description = toTexts(object["description"]);
    store.put("nodes", { ...known, description, isInline: object["is_inline"] === true });
  }
  if (known || store.get("workspaces", node.parentId)) return;
  const base = {
    id: node.parentId,
    workspaceId: node.workspaceId,
    parentId: node.workspaceId,
    order: 0,
    createdTime: 0,
    createdBy: node.createdBy,
    editedTime: 0,
    editedBy: node.createdBy,
    inTrash: false,
    icon: null,
    cover: null,
    isLocked: false,
  };
  if (node.kind === "data_source") {
    const home = object["database_parent"];
    const parentId = isObject(home) ? textOf(home[textOf(home["type"])]) : "";
    store.put("nodes", {
      kind: "database",
      ...base,
      parentId: parentId || base.parentId,
      title: node.title,
      description: toTexts(object["description"]),
      isInline: object["is_inline"] === true,
    });
  } else {
    store.put("nodes", { kind: "page", ...base, isArchived: false, properties: {} });
  }
}

/** Objects of the cassette that an exchange is about and that are not in the workspace yet. */
export function importMissing(
  instance: Instance,
  exchange: Exchange,
  { ids, shown }: { ids: IdMap; shown: Map<string, Shown> },
): void {
  for (const id of mentioned(exchange)) {
    const object = shown.get(id)?.object;
    const here = ids.get(id) ?? id;
    if (object && !isKnown(instance, here)) importObject(instance, object, ids);
  }
  for (const object of objectsIn(exchange.req)) {
    for (const related of listOf(object["relation"])) {
      const id = isObject(related) ? textOf(related["id"]) : "";
      if (!isKnown(instance, ids.get(id) ?? id)) addPage(instance, ids.get(id) ?? id);
    }
  }
  if (exchange.path === "/v1/pages" && exchange.method === "POST")
    addSourceOf(instance, exchange, ids);
  instance.store.commit();
}

/** A page of which nothing is known but that others relate to it. */
function addPage(instance: Instance, id: string): void {
  const time = new Date(0).toISOString();
  const page = { object: "page", id, created_time: time, last_edited_time: time, properties: {} };
  importObject(instance, page, new Map());
}

/** A data source that only its rows show: its columns are what they have. */
function addSourceOf(instance: Instance, { res }: Exchange, ids: IdMap): void {
  const row = translateBody(res, ids);
  const parent = isObject(row) ? row["parent"] : undefined;
  if (!isObject(row) || !isObject(parent) || parent["type"] !== "data_source_id") return;
  const id = textOf(parent["data_source_id"]);
  if (instance.store.get("nodes", id)) return;
  const properties = isObject(row["properties"]) ? row["properties"] : {};
  const columns = Object.entries(properties).map(([name, value]) => [name, columnOf(name, value)]);
  importObject(
    instance,
    {
      object: "data_source",
      id,
      parent: { type: "database_id", database_id: parent["database_id"] ?? null },
      created_time: textOf(row["created_time"]),
      last_edited_time: textOf(row["last_edited_time"]),
      title: [],
      properties: Object.fromEntries(columns),
    },
    ids,
  );
}

function columnOf(name: string, value: Json): JsonObject {
  if (!isObject(value)) return {};
  const type = textOf(value["type"]);
  const given = value[type];
  const options = ["select", "status", "multi_select"].includes(type)
    ? [given ?? []].flat().filter((one) => isObject(one))
    : [];
  return { id: value["id"] ?? "", name, type, [type]: { options } };
}

function isKnown({ store }: Instance, id: string): boolean {
  return (
    store.get("nodes", id) !== undefined ||
    store.get("comments", id) !== undefined ||
    store.get("views", id) !== undefined ||
    store.get("uploads", id) !== undefined
  );
}

function mentioned({ path, query, req }: Exchange): Set<string> {
  const text = toDashedText(`${path} ${query} ${JSON.stringify(req)}`);
  return new Set([...text.matchAll(uuid)].map(([id]) => id));
}

export interface Shown {
  object: JsonObject;
  exchange: Exchange;
}

/** The state of every object of a cassette when it is first shown, and where that is. */
export function firstShown(exchanges: Exchange[]): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  for (const exchange of exchanges) {
    for (const object of objectsIn(exchange.res)) {
      const id = textOf(object["id"]);
      if (!("created_time" in object) || shown.has(id)) continue;
      const isThrownAway = exchange.method === "DELETE";
      const before = isThrownAway ? { ...object, in_trash: false } : object;
      shown.set(id, { object: before, exchange });
    }
  }
  return shown;
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The first exchange of a cassette in whose request or answer each id occurs. */
export function firstMentions(exchanges: Exchange[]): Map<string, Exchange> {
  const mentions = new Map<string, Exchange>();
  for (const exchange of exchanges) {
    const { path, query, req, res } = exchange;
    const text = toDashedText(`${path} ${query} ${JSON.stringify(req)} ${JSON.stringify(res)}`);
    for (const [id] of text.matchAll(uuid)) {
      if (!mentions.has(id)) mentions.set(id, exchange);
    }
  }
  return mentions;
}

function toDashedText(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{32}\b/g, toDashed);
}

/**
 * Whether a request names something that no answer of its cassette shows, because the request that
 * made it was left out of the recordings: then nobody can tell what there was.
 */
export function namesUnseen(exchange: Exchange, cassette: Exchange[]): boolean {
  if (exchange.status >= 400) return false;
  const isShownByRow = exchange.path === "/v1/pages";
  const shown = new Set<string>();
  for (const { res } of cassette) {
    for (const [id] of JSON.stringify(res).matchAll(uuid)) shown.add(id);
  }
  const own = new Set(
    ["database_id", "data_source_id"].flatMap((key) => idsUnder(exchange.req, key)),
  );
  return [...mentioned(exchange)].some(
    (id) => !shown.has(id) && (exchange.path.includes(id) || (own.has(id) && !isShownByRow)),
  );
}

function idsUnder(value: Json, key: string): string[] {
  return [...objectsIn(value)].map((object) => toDashed(textOf(object[key]))).filter(Boolean);
}

/** Time in which the recordings show searches that miss, or still find, what was changed. */
const indexLagMs = 60 * 60_000;

/** Search answers without what was made a moment ago, which Notion's index did not know yet. */
export function withoutRecent(
  instance: Instance,
  { recorded, ours }: { recorded: Json; ours: Json },
  ids: IdMap,
): Json {
  if (!isObject(ours)) return ours;
  const listed = new Set(resultIds(recorded).map((id) => ids.get(id) ?? id));
  const made = new Set(ids.values());
  const results = listOf(ours["results"]).filter((one) => {
    const id = isObject(one) ? textOf(one["id"]) : "";
    const node = instance.store.get("nodes", id);
    const isStub = node?.createdTime === 0;
    const isRecent = node !== undefined && node.editedTime > instance.clock.now() - indexLagMs;
    return listed.has(id) || !(made.has(id) || isStub || isRecent);
  });
  return { ...ours, results };
}

/**
 * The same results in the recorded order. Times are rounded to minutes, so the recordings do not
 * tell which of two things of one minute is the newer; everywhere else the order is compared.
 */
export function inRecordedOrder(recorded: Json, ours: Json, ids: IdMap): Json {
  if (!isObject(ours) || !isObject(recorded)) return ours;
  const wanted = resultIds(recorded).map((id) => ids.get(id) ?? id);
  const results = listOf(ours["results"]);
  const byId = new Map(resultIds(ours).map((id, index) => [id, results[index] ?? null]));
  const minutes = (list: Json[]): string[] =>
    list.map((one) => (isObject(one) ? textOf(one["last_edited_time"]).slice(0, 16) : ""));
  if (wanted.length !== byId.size || !wanted.every((id) => byId.has(id))) return ours;
  const ordered = wanted.map((id) => byId.get(id) ?? null);
  const isSameButForMinutes = minutes(ordered).join() === minutes(results).join();
  return isSameButForMinutes ? { ...ours, results: ordered } : ours;
}

/** An insertion in the middle lists what follows it; anything else there was thrown away. */
export function dropUnfollowed(instance: Instance, { path, req, res }: Exchange, ids: IdMap): void {
  if (!path.endsWith("/children") || !isObject(req) || !isObject(res)) return;
  const position = req["position"];
  const target = isObject(position) ? position["after_block"] : undefined;
  const after = isObject(target) ? target["id"] : req["after"];
  if (typeof after !== "string") return;
  const anchor = instance.store.get("nodes", ids.get(toDashed(after)) ?? toDashed(after));
  const listed = new Set(resultIds(res).map((id) => ids.get(id) ?? id));
  for (const child of anchor ? instance.store.nodes.liveChildrenOf(anchor.parentId) : []) {
    const isAfter = anchor !== undefined && child.order > anchor.order;
    if (isAfter && !listed.has(child.id)) instance.store.put("nodes", { ...child, inTrash: true });
  }
  instance.store.commit();
}

/** What an unfiltered list of children or rows leaves out was thrown away by a missing request. */
export function dropUnlisted(
  instance: Instance,
  { recorded, ours }: { recorded: Json; ours: Json },
  ids: IdMap,
): void {
  const listed = new Set(resultIds(recorded).map((id) => ids.get(id) ?? id));
  for (const id of resultIds(ours)) {
    const node = instance.store.get("nodes", id);
    if (node && !listed.has(id)) instance.store.put("nodes", { ...node, inTrash: true });
  }
  instance.store.commit();
}

function resultIds(answer: Json): string[] {
  if (!isObject(answer)) return [];
  return listOf(answer["results"]).map((one) => (isObject(one) ? textOf(one["id"]) : ""));
}
