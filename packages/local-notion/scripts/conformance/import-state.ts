import { newUuid } from "../../src/ids.ts";
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
import { addHidden, addSynced } from "./import-consequences.ts";
import { parentOf } from "./known-objects.ts";
import { mentioned, type Shown } from "./shown-objects.ts";
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
  addTargets(instance, object);
  const node = toNode(object, { home, order: orderOf(instance, known, object) });
  if (isInside(instance, node)) return;
  if (kind === "page") addSourceOf(instance, object, ids);
  store.put("nodes", merge(known, node));
  addParent(instance, node, object);
  addSources(instance, node, object);
  addSynced(instance, object);
  addHidden(instance, node, object);
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

/** What relations lead to, of which a column tells the ids and a row only that it is there. */
function addTargets(instance: Instance, object: JsonObject): void {
  const columns = isObject(object["properties"]) ? Object.values(object["properties"]) : [];
  for (const column of columns) {
    const relation = isObject(column) ? column["relation"] : undefined;
    // A value that goes on leads to more than is shown.
    if (isObject(column) && column["has_more"] === true && Array.isArray(relation)) {
      relation.push({ id: newUuid() });
    }
    for (const related of listOf(relation)) {
      const id = isObject(related) ? textOf(related["id"]) : "";
      if (id !== "" && !isKnown(instance, id)) addPage(instance, id);
    }
    const id = isObject(relation) ? textOf(relation["data_source_id"]) : "";
    if (isObject(relation) && id !== "" && !isKnown(instance, id)) {
      addSource(instance, id, relation["database_id"] ?? null);
    }
  }
}

/** A data source of which nothing is known but that something leads to it. */
function addSource(instance: Instance, id: string, databaseId: Json): void {
  const time = new Date(0).toISOString();
  const parent = { type: "database_id", database_id: databaseId };
  const title = { id: "title", name: "Name", type: "title", title: {} };
  const source = { object: "data_source", id, parent, title: [], properties: { Name: title } };
  importObject(instance, { ...source, created_time: time, last_edited_time: time }, new Map());
}

/** Columns a row has that its data source was not shown with. */
export function addColumns(
  { store }: Instance,
  row: { parentId: string },
  object: JsonObject,
): void {
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
    const shown = parentOf({ parent: object["database_parent"] ?? null });
    const parentId = shown !== undefined && store.get("nodes", shown) ? shown : known.parentId;
    store.put("nodes", { ...known, parentId, description, isInline: object["is_inline"] === true });
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
  {
    ids,
    shown,
    elsewhere,
  }: { ids: IdMap; shown: Map<string, Shown>; elsewhere: ReadonlyMap<string, JsonObject> },
): void {
  for (const id of mentioned(exchange)) {
    const object = shown.get(id)?.object ?? elsewhere.get(id);
    const here = ids.get(id) ?? id;
    if (object && !isKnown(instance, here)) importObject(instance, object, ids);
  }
  if (exchange.status < 400) importRelated(instance, exchange, { ids, elsewhere });
  const row = translateBody(exchange.res, ids);
  if (exchange.path === "/v1/pages" && exchange.method === "POST" && isObject(row))
    addSourceOf(instance, row, ids);
  instance.store.commit();
}

function importRelated(
  instance: Instance,
  { req }: Exchange,
  { ids, elsewhere }: { ids: IdMap; elsewhere: ReadonlyMap<string, JsonObject> },
): void {
  for (const object of objectsIn(req)) {
    for (const related of listOf(object["relation"])) {
      const id = isObject(related) ? textOf(related["id"]) : "";
      if (!isKnown(instance, ids.get(id) ?? id)) addPage(instance, ids.get(id) ?? id);
    }
    const relation = object["relation"];
    const sourceId = isObject(relation) ? textOf(relation["data_source_id"]) : "";
    if (sourceId === "" || isKnown(instance, ids.get(sourceId) ?? sourceId)) continue;
    const shown = elsewhere.get(sourceId);
    if (shown) importObject(instance, shown, ids);
    else addSource(instance, ids.get(sourceId) ?? sourceId, newUuid());
  }
}

/** A page of which nothing is known but that others relate to it. */
function addPage(instance: Instance, id: string): void {
  const time = new Date(0).toISOString();
  const page = { object: "page", id, created_time: time, last_edited_time: time, properties: {} };
  importObject(instance, page, new Map());
}

/** A data source that only its rows show: its columns are what they have. */
function addSourceOf(instance: Instance, row: JsonObject, ids: IdMap): void {
  const parent = row["parent"];
  if (!isObject(parent) || parent["type"] !== "data_source_id") return;
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
