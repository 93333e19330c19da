import { toDashed } from "../../src/ids.ts";
import type { Instance } from "../../src/instance.ts";
import type { DataSourceNode, Node, PropertySchema } from "../../src/store/records.ts";
import { translateBody, type IdMap } from "./compare.ts";
import { addColumns, importObject } from "./import-state.ts";
import { isObject, textOf, type Exchange, type JsonObject } from "./recording.ts";

/**
 * Brings the workspace to what it was before a write, as far as its answer tells. What the request
 * does not name the write has not changed, so the answer shows how it was before; what it names is
 * left as it is here, for the write to change. Without this a write that follows one left out of
 * the recordings could not be compared at all.
 */
export function bringToBefore(instance: Instance, exchange: Exchange, ids: IdMap): void {
  const answer = translateBody(exchange.res, ids);
  const request = translateBody(exchange.req, ids);
  if (!isObject(answer)) return;
  const asked = isObject(request) ? request : {};
  if (exchange.path.endsWith("/children")) restoreParent(instance, exchange, ids);
  else if (exchange.method === "DELETE") restoreDeleted(instance, answer, ids);
  else if (exchange.method === "PATCH") restoreChanged(instance, answer, asked);
  else if (exchange.path === "/v1/pages") restoreColumns(instance, answer);
  instance.store.commit();
}

/** What was appended to was not in the trash, and a block to append after was on it. */
function restoreParent(instance: Instance, { path, req }: Exchange, ids: IdMap): void {
  const { store } = instance;
  const recorded = toDashed(path.split("/")[3] ?? "");
  const parent = store.get("nodes", ids.get(recorded) ?? recorded);
  if (!parent) return;
  for (const node of [parent, ...store.nodes.ancestorsOf(parent)]) {
    if (node.inTrash) store.put("nodes", { ...node, inTrash: false });
  }
  const position = isObject(req) ? req["position"] : undefined;
  const target = isObject(position) ? position["after_block"] : undefined;
  const named = isObject(target) ? target["id"] : isObject(req) ? req["after"] : undefined;
  if (typeof named !== "string") return;
  const anchor = store.get("nodes", ids.get(toDashed(named)) ?? toDashed(named));
  if (!anchor) return;
  const order = anchor.parentId === parent.id ? anchor.order : store.nodes.orderAtEnd(parent.id);
  store.put("nodes", { ...anchor, parentId: parent.id, order, inTrash: false });
}

function restoreDeleted(instance: Instance, answer: JsonObject, ids: IdMap): void {
  const { store } = instance;
  importObject(instance, { ...answer, in_trash: false }, ids);
  const node = store.get("nodes", textOf(answer["id"]));
  if (answer["has_children"] !== false || !node) return;
  for (const child of store.nodes.liveChildrenOf(node.id)) {
    if (child.kind !== "data_source") store.put("nodes", { ...child, inTrash: true });
  }
}

/** Which part of a node each part of a request changes. */
const changedBy: Readonly<Record<string, string>> = {
  title: "title",
  description: "description",
  icon: "icon",
  cover: "cover",
  is_inline: "isInline",
  is_locked: "isLocked",
  in_trash: "inTrash",
  archived: "inTrash",
};

function restoreChanged(instance: Instance, answer: JsonObject, asked: JsonObject): void {
  const { store } = instance;
  const id = textOf(answer["id"]);
  const before = store.get("nodes", id);
  const shown = { ...answer, in_trash: before ? before.inTrash : false };
  importObject(instance, shown, new Map());
  const after = store.get("nodes", id);
  if (!after) return;
  const kept = Object.keys(asked).flatMap((key) => {
    const part = changedBy[key];
    return before && part !== undefined && part in before
      ? [[part, Reflect.get(before, part)] as const]
      : [];
  });
  const merged: Node = { ...after, ...Object.fromEntries(kept) };
  store.put("nodes", merged);
  if (merged.kind === "page") keepAskedValues(instance, { before, asked });
  if (merged.kind === "data_source" && isObject(asked["properties"])) {
    restoreSchema(instance, merged, { before, asked: asked["properties"] });
  }
}

function keepAskedValues(
  { store }: Instance,
  { before, asked }: { before: Node | undefined; asked: JsonObject },
): void {
  const properties = isObject(asked["properties"]) ? asked["properties"] : {};
  const page = before ? store.get("nodes", before.id) : undefined;
  const source = store.get("nodes", page?.parentId ?? "");
  if (page?.kind !== "page" || before?.kind !== "page" || source?.kind !== "data_source") return;
  const values = { ...page.properties };
  for (const key of Object.keys(properties)) {
    const column = source.schema.find(
      (one) => one.name === key || encodeURIComponent(one.id) === key,
    );
    const was = column && before.properties[column.id];
    if (column && was) values[column.id] = was;
    else if (column) delete values[column.id];
  }
  store.put("nodes", { ...page, properties: values });
}

/** The columns as they were: what the request adds not yet there, what it removes still there. */
function restoreSchema(
  { store }: Instance,
  source: DataSourceNode,
  { before, asked }: { before: Node | undefined; asked: JsonObject },
): void {
  const old = before?.kind === "data_source" ? before.schema : [];
  let schema = source.schema;
  for (const [key, change] of Object.entries(asked)) {
    const was = find(old, key);
    const newName = isObject(change) ? textOf(change["name"]) : "";
    const is = find(schema, key) ?? find(schema, newName);
    if (is) schema = schema.filter((one) => one !== is);
    const lost = change === null || (newName !== "" && newName !== key);
    if (was) schema = [...schema, was];
    else if (is && lost) schema = [...schema, { ...is, name: oldName(is, key) }];
    else if (lost) schema = [...schema, stubColumn(key)];
  }
  store.put("nodes", { ...source, schema });
}

function find(schema: readonly PropertySchema[], key: string): PropertySchema | undefined {
  return (
    schema.find(({ name }) => name === key) ??
    schema.find(({ id }) => id === key || encodeURIComponent(id) === key)
  );
}

/** A column is asked for by its name or by its id; by id its old name is not told. */
function oldName({ id }: PropertySchema, key: string): string {
  return id === key || encodeURIComponent(id) === key ? `before ${key}` : key;
}

/** A column of which only is known that it was there until this request. */
function stubColumn(name: string): PropertySchema {
  return { id: `gone ${name}`, name, description: null, type: "rich_text", config: {} };
}

/**
 * The columns of the data source a row was made in: a row shows all there are, so others were
 * removed, and a relation that has another name was given it.
 */
function restoreColumns(instance: Instance, answer: JsonObject): void {
  const { store } = instance;
  const parent = answer["parent"];
  const source = store.get("nodes", isObject(parent) ? textOf(parent["data_source_id"]) : "");
  const shown = answer["properties"];
  if (source?.kind !== "data_source" || !isObject(shown)) return;
  const missing = Object.entries(shown).filter(([name]) => !source.schema.some(named(name)));
  const gone = source.schema.filter(({ name }) => !(name in shown));
  const relations = missing.filter(([, value]) => isObject(value) && value["type"] === "relation");
  const [renamed, ...others] = gone.filter(({ type }) => type === "relation");
  const [relation] = relations.length === 1 && others.length === 0 ? relations : [];
  const schema = source.schema
    .map((one) => (one === renamed && relation ? { ...one, name: relation[0] } : one))
    .filter(({ name }) => name in shown);
  store.put("nodes", { ...source, schema });
  const added = missing.filter((entry) => !(renamed && entry === relation));
  addColumns(instance, { parentId: source.id }, { properties: Object.fromEntries(added) });
}

function named(name: string): (column: PropertySchema) => boolean {
  return (column) => column.name === name;
}
