import { NotionError } from "../notion-error.ts";
import { findColumn } from "../properties/find-column.ts";
import type { PlainValue } from "../properties/plain.ts";
import { plainValue } from "../properties/plain-value.ts";
import type { View } from "../api/view.ts";
import { toMinute } from "../clock.ts";
import type { DataSourceNode, PageNode, PropertySchema } from "../store/records.ts";
import type { SortedList } from "../store/sorted-list.ts";
import { matches, type ConditionContext } from "./conditions.ts";
import { conditionKeys, type Filter } from "./filter-schema.ts";
import { narrow } from "./narrow.ts";
import {
  isIndexable,
  keyReader,
  newestFirst,
  rowsBy,
  type Entry,
  type Timestamp,
} from "./row-index.ts";
import { compareKeys, type Direction, type Key } from "./sort-key.ts";

export interface Sort {
  property?: string;
  timestamp?: Timestamp;
  direction: Direction;
}

export interface RowQuery {
  filter: Filter | undefined;
  sorts: readonly Sort[];
  inTrash: boolean;
}

const usualPage = 100;

/**
 * The rows of a data source that meet a filter, in the order asked for, else newest first. They are
 * found one by one as they are asked for, by indexes where the filter or the first sort has one.
 */
export function queryRows(source: DataSourceNode, query: RowQuery, view: View): Iterable<PageNode> {
  const { sorts } = query;
  const test = toTest(source, query, view);
  const others = sorts.map((sort) => sorterBy(source, view, sort));
  const [first] = sorts;
  const by = first && indexedBy(source, first);
  const isInOrder = first === undefined || by !== undefined;
  const total = view.store.nodes.childrenOf(source.id).length;
  // The more rows meet a filter, the sooner a page of them is come across in order.
  const most = isInOrder ? Math.sqrt(usualPage * total) : total;
  const few = narrow(source, { filter: query.filter, most }, view);
  if (few) {
    const rows = few.map(({ row }) => row).filter(test);
    return sortRows(rows.sort(newestFirst), others);
  }
  if (first === undefined) return newest(source, view, test);
  if (by) return walk(rowsBy(source, by, view), { first, test, rest: others.slice(1) });
  return scanRows(source, query, view);
}

/** The same, by looking at every row. */
export function scanRows(source: DataSourceNode, query: RowQuery, view: View): PageNode[] {
  const rows = [...newest(source, view, toTest(source, query, view))];
  return sortRows(
    rows,
    query.sorts.map((sort) => sorterBy(source, view, sort)),
  );
}

function* newest(source: DataSourceNode, view: View, test: Test): Generator<PageNode> {
  const children = view.store.nodes.childrenOf(source.id);
  for (let index = children.length - 1; index >= 0; index -= 1) {
    const row = children[index];
    if (row?.kind === "page" && test(row)) yield row;
  }
}

/** Goes through the groups of rows of one value in the first sort's order. */
function* walk(
  sorted: SortedList<Entry>,
  { first, test, rest }: { first: Sort; test: Test; rest: Sorter[] },
): Generator<PageNode> {
  const { items } = sorted;
  const firstEmpty = sorted.firstPlace(({ key }) => key === undefined);
  const isDown = first.direction === "descending";
  const withValue = isDown
    ? groupsDown(sorted, firstEmpty)
    : groupsUp(sorted, { from: 0, to: firstEmpty });
  for (const [start, end] of withValue) yield* group(start, end);
  yield* group(firstEmpty, items.length);

  function* group(start: number, end: number): Generator<PageNode> {
    if (rest.length > 0) {
      const rows = items.slice(start, end).map(({ row }) => row);
      yield* sortRows(rows.filter(test), rest);
      return;
    }
    for (let index = start; index < end; index += 1) {
      const row = items[index]?.row;
      if (row && test(row)) yield row;
    }
  }
}

type Span = [start: number, end: number];

function* groupsUp(
  sorted: SortedList<Entry>,
  { from, to }: { from: number; to: number },
): Generator<Span> {
  for (let start = from; start < to;) {
    const key = sorted.items[start]?.key;
    const end = sorted.firstPlace((one) => compareKeys(one.key, key, "ascending") > 0);
    yield [start, end];
    start = end;
  }
}

function* groupsDown(sorted: SortedList<Entry>, to: number): Generator<Span> {
  for (let end = to; end > 0;) {
    const key = sorted.items[end - 1]?.key;
    const start = sorted.firstPlace((one) => compareKeys(one.key, key, "ascending") >= 0);
    yield [start, end];
    end = start;
  }
}

type Test = (row: PageNode) => boolean;

function toTest(source: DataSourceNode, { filter, inTrash }: RowQuery, view: View): Test {
  const { connection, clock } = view;
  const context: ConditionContext = { now: clock.now(), me: connection.personId ?? connection.id };
  const test = filter && compile(filter, { source, view, context });
  return (row) => row.inTrash === inTrash && (!test || test(row));
}

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

function timeOf(row: PageNode, timestamp: Timestamp): PlainValue {
  const start = toMinute(timestamp === "created_time" ? row.createdTime : row.editedTime);
  return { kind: "date", date: { start, end: null, time_zone: null } };
}

interface Sorter {
  keyOf: (row: PageNode) => Key;
  direction: Direction;
}

function sorterBy(source: DataSourceNode, view: View, sort: Sort): Sorter {
  return { keyOf: keyReader(source, columnOrTime(source, sort), view), direction: sort.direction };
}

function columnOrTime(source: DataSourceNode, sort: Sort): PropertySchema | Timestamp {
  return sort.timestamp ?? columnOf(source, sort.property ?? "");
}

function indexedBy(source: DataSourceNode, sort: Sort): PropertySchema | Timestamp | undefined {
  const by = columnOrTime(source, sort);
  return typeof by === "string" || isIndexable(by) ? by : undefined;
}

/** Rows that no sort tells apart stay in the order they are in. */
function sortRows(rows: PageNode[], sorters: readonly Sorter[]): PageNode[] {
  if (sorters.length === 0) return rows;
  const keyed = rows.map((row) => ({ row, keys: sorters.map(({ keyOf }) => keyOf(row)) }));
  keyed.sort((a, b) => {
    for (const [index, { direction }] of sorters.entries()) {
      const order = compareKeys(a.keys[index], b.keys[index], direction);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}
