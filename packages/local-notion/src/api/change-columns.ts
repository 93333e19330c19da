import { newPropertyId } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import { columnTypes } from "../properties/column-types.ts";
import { findColumn } from "../properties/find-column.ts";
import { relationConfig } from "../properties/relation.ts";
import type { DataSourceNode, PropertySchema } from "../store/records.ts";
import type { Call } from "./call.ts";
import { typeIn } from "./column-requests.ts";
import { pageTitle } from "./titles.ts";

type Change = Record<string, unknown> | null;

/** Applies changes of columns to a data source, one after the other. */
export function changeColumns(call: Call, sourceId: string, changes: Record<string, Change>): void {
  const ordered = Object.entries(changes).toSorted(([, a], [, b]) => rankOf(a) - rankOf(b));
  for (const [key, change] of ordered) changeColumn(call, sourceId, { key, change });
}

/** Rollups name relations and formulas any column that the same request may make. */
function rankOf(change: Change): number {
  if (change?.["formula"] !== undefined) return 2;
  return change?.["rollup"] === undefined ? 0 : 1;
}

function changeColumn(
  call: Call,
  sourceId: string,
  { key, change }: { key: string; change: Change },
): void {
  const source = read(call, sourceId);
  const column = findColumn(source.schema, key);
  if (change === null) {
    if (!column) throw NotionError.validation(`Could not find property with name or id: ${key}`);
    removeColumn(call, source, column);
    return;
  }
  const type = typeIn(change) ?? column?.type;
  if (type === undefined) {
    throw NotionError.validation(`Could not find property with name or id: ${key}`);
  }
  const name = typeof change["name"] === "string" ? change["name"] : (column?.name ?? key);
  assertFree(source, name, column);
  assertTitleStays(source, column, type);
  const next = toColumn(call, source, { column, type, name, change });
  const schema = column
    ? source.schema.map((one) => (one === column ? next : one))
    : [...source.schema, next];
  call.view.store.put("nodes", { ...source, schema });
  if (type === "relation") linkBack(call, sourceId, next);
  if (type === "unique_id" && column?.type !== type) numberRows(call, sourceId, next);
}

function toColumn(
  call: Call,
  source: DataSourceNode,
  asked: {
    column: PropertySchema | undefined;
    type: string;
    name: string;
    change: Record<string, unknown>;
  },
): PropertySchema {
  const { column, type, name, change } = asked;
  const before = column?.type === type ? column.config : undefined;
  const payload = change[type];
  const place = { call, sourceId: source.id, columns: source.schema, before };
  const config =
    payload === undefined ? (before ?? {}) : columnTypes[type]?.toConfig(payload, place);
  const description = change["description"];
  return {
    id: column?.id ?? (type === "title" ? "title" : newPropertyId()),
    name,
    description:
      typeof description === "string" || description === null
        ? description
        : (column?.description ?? null),
    type,
    config: config ?? {},
  };
}

function assertFree(
  source: DataSourceNode,
  name: string,
  column: PropertySchema | undefined,
): void {
  if (source.schema.every((one) => one === column || one.name !== name)) return;
  throw NotionError.validation(`Cannot create property named ${name}: the name is taken.`);
}

/** A data source has one title column, which stays one. */
function assertTitleStays(
  source: DataSourceNode,
  column: PropertySchema | undefined,
  type: string,
): void {
  const title = source.schema.find((one) => one.type === "title");
  if (type === "title" && title && title !== column) {
    throw NotionError.validation("Cannot create new title property.");
  }
  if (column && column.type === "title" && type !== "title") {
    throw NotionError.validation("Cannot change the type of the title property.");
  }
}

function removeColumn(call: Call, source: DataSourceNode, column: PropertySchema): void {
  if (column.type === "title") throw NotionError.validation("Cannot delete title property.");
  const { store } = call.view;
  store.put("nodes", { ...source, schema: source.schema.filter((one) => one !== column) });
  if (column.type !== "relation") return;
  const { dataSourceId, syncedId } = relationConfig(column);
  const target = store.get("nodes", dataSourceId);
  if (target?.kind !== "data_source" || syncedId === null) return;
  // The other side may have been made a relation of its own since.
  const schema = target.schema.filter(
    (one) => one.id !== syncedId || relationConfig(one).syncedId !== column.id,
  );
  store.put("nodes", { ...target, schema });
}

/** Makes the other side of a dual relation, named after this one as Notion names it. */
function linkBack(call: Call, sourceId: string, column: PropertySchema): void {
  const { store } = call.view;
  const config = relationConfig(column);
  if (config.kind !== "dual_property" || config.syncedId !== null) return;
  const source = read(call, sourceId);
  const target = read(call, config.dataSourceId);
  const back: PropertySchema = {
    id: newPropertyId(),
    name: freeName(target, `Related to ${pageTitle(source)} (${column.name})`),
    description: null,
    type: "relation",
    config: { dataSourceId: sourceId, kind: "dual_property", syncedId: column.id },
  };
  store.put("nodes", { ...target, schema: [...target.schema, back] });
  const fresh = read(call, sourceId);
  const linked = { ...column, config: { ...config, syncedId: back.id } };
  const schema = fresh.schema.map((one) => (one.id === column.id ? linked : one));
  store.put("nodes", { ...fresh, schema });
}

function freeName(source: DataSourceNode, name: string): string {
  const taken = new Set(source.schema.map((one) => one.name));
  let free = name;
  for (let count = 1; taken.has(free); count += 1) free = `${name} ${count}`;
  return free;
}

/** Gives every row there is a number, the oldest first. */
function numberRows(call: Call, sourceId: string, column: PropertySchema): void {
  const { store } = call.view;
  let next = 1;
  for (const row of store.nodes.childrenOf(sourceId)) {
    if (row.kind !== "page") continue;
    const properties = { ...row.properties, [column.id]: { type: "unique_id", value: next } };
    store.put("nodes", { ...row, properties });
    next += 1;
  }
  store.put("nodes", { ...read(call, sourceId), nextNumber: next });
}

function read(call: Call, sourceId: string): DataSourceNode {
  const node = call.view.store.get("nodes", sourceId);
  if (node?.kind === "data_source") return node;
  throw new Error(`There is no data source ${sourceId}.`);
}
