import type { View } from "../api/view.ts";
import { findColumn } from "../properties/find-column.ts";
import type { DataSourceNode, PropertySchema } from "../store/records.ts";
import type { Filter } from "./filter-schema.ts";
import { isIndexable, rowsBy, type Entry, type Timestamp } from "./row-index.ts";
import { compareKeys, type Key } from "./sort-key.ts";

/** Keys between which a condition can hold at all; a bound left out is open. */
interface Range {
  by: PropertySchema | Timestamp;
  from?: Key;
  to?: Key;
}

/** Days of a condition depend on offsets of time zones: looked at from both ends of the world. */
const dayMarginMs = 48 * 3_600_000;

/**
 * The rows among which all are that meet a filter, when an index tells that they are fewer than
 * `most`. They still have to be tested: a range only ever leaves out rows that cannot meet it.
 */
export function narrow(
  source: DataSourceNode,
  { filter, most }: { filter: Filter | undefined; most: number },
  view: View,
): readonly Entry[] | undefined {
  let fewest: readonly Entry[] | undefined;
  for (const condition of conditionsOf(filter)) {
    const range = rangeOf(condition, source);
    const entries = range && entriesIn(range, source, view);
    if (entries && entries.length < (fewest?.length ?? most)) fewest = entries;
  }
  return fewest;
}

/** Conditions that every row has to meet. */
function* conditionsOf(filter: Filter | undefined): Generator<Record<string, unknown>> {
  if (!filter || "or" in filter) return;
  if (!("and" in filter)) yield filter;
  else for (const one of filter.and as Filter[]) yield* conditionsOf(one);
}

function rangeOf(filter: Record<string, unknown>, source: DataSourceNode): Range | undefined {
  const { timestamp } = filter;
  if (timestamp === "created_time" || timestamp === "last_edited_time") {
    return timeRange(filter[timestamp], timestamp);
  }
  const column = findColumn(source.schema, String(filter["property"]));
  if (!column || !isIndexable(column)) return undefined;
  const condition = filter[column.type];
  switch (column.type) {
    case "select":
    case "status":
      return optionRange(condition, column);
    case "checkbox":
    case "number":
    case "unique_id":
      return valueRange(condition, column);
    case "date":
    case "created_time":
    case "last_edited_time":
      return timeRange(filter[column.type] ?? filter["date"], column);
    default:
      return undefined;
  }
}

function optionRange(condition: unknown, by: PropertySchema): Range | undefined {
  const { equals } = fieldsOf(condition);
  const options = (by.config["options"] ?? []) as { id: string; name: string }[];
  const rank = options.findIndex(({ id, name }) => name === equals || id === equals);
  return rank < 0 ? undefined : { by, from: rank, to: rank };
}

function valueRange(condition: unknown, by: PropertySchema): Range | undefined {
  const fields = fieldsOf(condition);
  const { equals } = fields;
  if (typeof equals === "boolean") return { by, from: String(equals), to: String(equals) };
  if (typeof equals === "number") return { by, from: equals, to: equals };
  const from = fields["greater_than"] ?? fields["greater_than_or_equal_to"];
  const to = fields["less_than"] ?? fields["less_than_or_equal_to"];
  if (typeof from === "number") return { by, from };
  return typeof to === "number" ? { by, to } : undefined;
}

function timeRange(condition: unknown, by: Range["by"]): Range | undefined {
  const fields = fieldsOf(condition);
  const timeAt = (...names: string[]): number | undefined => {
    const text = names.map((name) => fields[name]).find((value) => typeof value === "string");
    const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  };
  const first = timeAt("on_or_after", "after", "equals");
  const last = timeAt("on_or_before", "before", "equals");
  if (first === undefined && last === undefined) return undefined;
  return {
    by,
    ...(first === undefined ? {} : { from: first - dayMarginMs }),
    ...(last === undefined ? {} : { to: last + dayMarginMs }),
  };
}

function fieldsOf(condition: unknown): Record<string, unknown> {
  return typeof condition === "object" && condition !== null
    ? (condition as Record<string, unknown>)
    : {};
}

/** Rows without a value are behind all others, where no range reaches. */
function entriesIn({ by, from, to }: Range, source: DataSourceNode, view: View): readonly Entry[] {
  const sorted = rowsBy(source, by, view);
  const start =
    from === undefined
      ? 0
      : sorted.firstPlace(({ key }) => compareKeys(key, from, "ascending") >= 0);
  const end = sorted.firstPlace(
    ({ key }) => key === undefined || (to !== undefined && compareKeys(key, to, "ascending") > 0),
  );
  return sorted.items.slice(start, end);
}
