import type { DateValue } from "../rich-text/rich-text.ts";
import type { DataSourceNode, PageNode, PropertySchema } from "../store/records.ts";
import { isEmpty, toText, type Computed, type PlainValue } from "./plain.ts";
import type { ValuePlace } from "./property-type.ts";
import { relatedPages, relationConfig } from "./relation.ts";

export const rollupFunctions = [
  "count",
  "count_values",
  "empty",
  "not_empty",
  "unique",
  "show_unique",
  "percent_empty",
  "percent_not_empty",
  "sum",
  "average",
  "median",
  "min",
  "max",
  "range",
  "earliest_date",
  "latest_date",
  "date_range",
  "checked",
  "unchecked",
  "percent_checked",
  "percent_unchecked",
  "count_per_group",
  "percent_per_group",
  "show_original",
] as const;
export type RollupFunction = (typeof rollupFunctions)[number];

export interface RollupConfig extends Record<string, unknown> {
  relationId: string;
  targetId: string;
  function: RollupFunction;
}

export function rollupConfig(column: PropertySchema): RollupConfig {
  // Written by `rollup` of the column types, and by nothing else.
  return column.config as RollupConfig;
}

type Read = (place: ValuePlace) => PlainValue;

/** What a rollup comes to: its function over a column of the related pages. */
export function computeRollup(place: ValuePlace, read: Read): Computed {
  const sources = rollupSources(place);
  return apply(rollupConfig(place.column).function, sources.map(read));
}

/** The places a rollup reads: one column of each related page. */
export function rollupSources(place: ValuePlace): ValuePlace[] {
  const { column, page, view, sourceId } = place;
  const { relationId, targetId } = rollupConfig(column);
  const relation = dataSource(place, sourceId)?.schema.find(({ id }) => id === relationId);
  if (relation?.type !== "relation") return [];
  const related = dataSource(place, relationConfig(relation).dataSourceId);
  const target = related?.schema.find(({ id }) => id === targetId);
  if (!related || !target) return [];
  const ids = (page.properties[relation.id]?.value ?? []) as string[];
  return relatedPages(ids, view).map((one: PageNode) => ({
    page: one,
    column: target,
    sourceId: related.id,
    view,
  }));
}

function dataSource({ view }: ValuePlace, id: string | undefined): DataSourceNode | undefined {
  const node = view.store.get("nodes", id ?? "");
  return node?.kind === "data_source" ? node : undefined;
}

function apply(name: RollupFunction, values: PlainValue[]): Computed {
  const flat = values.flatMap((value) => (value.kind === "list" ? value.values : [value]));
  const filled = flat.filter((value) => value.kind === "checkbox" || !isEmpty(value));
  switch (name) {
    case "count":
      return number(flat.length);
    case "count_values":
      return number(filled.flatMap(parts).length);
    case "empty":
      return number(flat.length - filled.length);
    case "not_empty":
      return number(filled.length);
    case "unique":
      return number(new Set(filled.flatMap(parts)).size);
    case "percent_empty":
      return percent(flat.length - filled.length, flat.length);
    case "percent_not_empty":
      return percent(filled.length, flat.length);
    case "checked":
      return number(checked(flat));
    case "unchecked":
      return number(flat.length - checked(flat));
    case "percent_checked":
      return percent(checked(flat), flat.length);
    case "percent_unchecked":
      return percent(flat.length - checked(flat), flat.length);
    case "sum":
    case "average":
    case "median":
    case "min":
    case "max":
    case "range":
      return number(overNumbers(name, numbers(filled)));
    case "earliest_date":
    case "latest_date":
    case "date_range":
      return { type: "date", date: overDates(name, dates(filled)) };
    case "show_unique":
      return { type: "array", array: unique(filled) };
    case "show_original":
    case "count_per_group":
    case "percent_per_group":
      return { type: "array", array: filled };
  }
}

function number(value: number | null): Computed {
  return { type: "number", number: value };
}

function percent(part: number, whole: number): Computed {
  return number(whole === 0 ? null : part / whole);
}

function checked(values: PlainValue[]): number {
  return values.filter((value) => value.kind === "checkbox" && value.checked).length;
}

/** The single texts of a value: each option of a multi-select counts for itself. */
function parts(value: PlainValue): string[] {
  return value.kind === "items" ? value.items.map(({ name }) => name) : [toText(value)];
}

function unique(values: PlainValue[]): PlainValue[] {
  const seen = new Map(values.map((value) => [toText(value), value]));
  return [...seen.values()];
}

function numbers(values: PlainValue[]): number[] {
  return values.flatMap((value) =>
    value.kind === "number" && value.number !== null ? [value.number] : [],
  );
}

function overNumbers(
  name: "sum" | "average" | "median" | "min" | "max" | "range",
  values: number[],
): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  const sum = values.reduce((total, value) => total + value, 0);
  if (name === "sum") return sum;
  if (least === undefined || most === undefined) return null;
  switch (name) {
    case "average":
      return sum / values.length;
    case "median": {
      const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
      return middle.reduce((total, value) => total + value, 0) / middle.length;
    }
    case "min":
      return least;
    case "max":
      return most;
    case "range":
      return most - least;
  }
}

function dates(values: PlainValue[]): DateValue[] {
  return values.flatMap((value) => (value.kind === "date" && value.date ? [value.date] : []));
}

function overDates(
  name: "earliest_date" | "latest_date" | "date_range",
  values: DateValue[],
): DateValue | null {
  const sorted = values.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return null;
  switch (name) {
    case "earliest_date":
      return first;
    case "latest_date":
      return last;
    case "date_range":
      return { ...first, end: last.end ?? last.start };
  }
}
