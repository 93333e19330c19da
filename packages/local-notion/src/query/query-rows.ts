import { NotionError } from "../notion-error.ts";
import { findColumn } from "../properties/find-column.ts";
import { isEmpty, toText, type PlainValue } from "../properties/plain.ts";
import { plainValue } from "../properties/plain-value.ts";
import type { View } from "../api/view.ts";
import { toMinute } from "../clock.ts";
import type { DataSourceNode, PageNode, PropertySchema } from "../store/records.ts";
import { matches, type ConditionContext } from "./conditions.ts";
import { conditionKeys, type Filter } from "./filter-schema.ts";

export interface Sort {
  property?: string;
  timestamp?: "created_time" | "last_edited_time";
  direction: "ascending" | "descending";
}

export interface RowQuery {
  filter: Filter | undefined;
  sorts: readonly Sort[];
  inTrash: boolean;
}

/** The rows of a data source that meet a filter, in the order asked for, else newest first. */
export function queryRows(source: DataSourceNode, query: RowQuery, view: View): PageNode[] {
  const { store, connection, clock } = view;
  const context: ConditionContext = {
    now: clock.now(),
    me: connection.personId ?? connection.id,
  };
  const test = query.filter ? compile(query.filter, { source, view, context }) : () => true;
  const rows = store.nodes
    .childrenOf(source.id)
    .filter((node): node is PageNode => node.kind === "page")
    .filter((row) => row.inTrash === query.inTrash && test(row))
    .toReversed();
  return query.sorts.length === 0 ? rows : sortRows(rows, { source, view, sorts: query.sorts });
}

type Test = (row: PageNode) => boolean;

interface Scene {
  source: DataSourceNode;
  view: View;
  context: ConditionContext;
}

function compile(filter: Filter, scene: Scene): Test {
  if ("and" in filter) {
    const tests = (filter.and as Filter[]).map((one) => compile(one, scene));
    return (row) => tests.every((test) => test(row));
  }
  if ("or" in filter) {
    const tests = (filter.or as Filter[]).map((one) => compile(one, scene));
    return (row) => tests.some((test) => test(row));
  }
  return compileSingle(filter, scene);
}

/** As what columns of other types may be looked at too, beside their own. */
const alsoSeenAs: Readonly<Record<string, readonly string[]>> = {
  rich_text: ["title", "url", "email", "phone_number", "rich_text"],
  title: ["title", "rich_text"],
  people: ["people", "created_by", "last_edited_by"],
  date: ["date", "created_time", "last_edited_time"],
  number: ["number", "unique_id"],
};

function compileSingle(filter: Record<string, unknown>, { source, view, context }: Scene): Test {
  const timestamp = filter["timestamp"];
  const key = Object.keys(filter).find((name) => conditionKeys.has(name)) ?? "";
  const condition = filter[key] as Record<string, unknown>;
  if (timestamp === "created_time" || timestamp === "last_edited_time") {
    return (row) => matches(timeOf(row, timestamp), "date", { condition, context });
  }
  const column = columnOf(source, String(filter["property"]));
  if (column.type !== key && !alsoSeenAs[key]?.includes(column.type)) {
    throw NotionError.validation(`database property ${column.type} does not match filter ${key}`);
  }
  const place = { column, sourceId: source.id, view };
  return (row) => matches(plainValue({ ...place, page: row }), key, { condition, context });
}

function columnOf(source: DataSourceNode, nameOrId: string): PropertySchema {
  const column = findColumn(source.schema, nameOrId);
  if (column) return column;
  throw NotionError.validation(`Could not find property with name or id: ${nameOrId}`);
}

function timeOf(row: PageNode, timestamp: "created_time" | "last_edited_time"): PlainValue {
  const start = toMinute(timestamp === "created_time" ? row.createdTime : row.editedTime);
  return { kind: "date", date: { start, end: null, time_zone: null } };
}

function sortRows(
  rows: PageNode[],
  { source, view, sorts }: { source: DataSourceNode; view: View; sorts: readonly Sort[] },
): PageNode[] {
  const readers = sorts.map((sort) => reader(source, view, sort));
  const keyed = rows.map((row) => ({ row, keys: readers.map((read) => read(row)) }));
  keyed.sort((a, b) => {
    for (const [index, { direction }] of sorts.entries()) {
      const order = compareKeys(a.keys[index], b.keys[index], direction);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

type Key = string | number | undefined;

/** Reads what a row is sorted by; options sort in the order of their column. */
function reader(source: DataSourceNode, view: View, sort: Sort): (row: PageNode) => Key {
  const { timestamp, property = "" } = sort;
  if (timestamp) return (row) => (timestamp === "created_time" ? row.createdTime : row.editedTime);
  const column = columnOf(source, property);
  const ranks = new Map(optionIds(column).map((id, index) => [id, index]));
  return (row) => {
    const value = plainValue({ page: row, column, sourceId: source.id, view });
    if (value.kind !== "checkbox" && isEmpty(value)) return undefined;
    if (value.kind === "number") return value.number ?? undefined;
    if (value.kind === "date") return Date.parse(value.date?.start ?? "");
    const [first] = value.kind === "items" ? value.items : [];
    return (first && ranks.get(first.id)) ?? toText(value).toLowerCase();
  };
}

function optionIds(column: PropertySchema): string[] {
  const options = (column.config["options"] ?? []) as { id: string }[];
  return options.map(({ id }) => id);
}

/** Rows without a value come last, whatever the direction. */
function compareKeys(a: Key, b: Key, direction: Sort["direction"]): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  const order =
    typeof a === "number" && typeof b === "number"
      ? a - b
      : String(a).localeCompare(String(b), "en");
  return direction === "ascending" ? order : -order;
}
