import { NotionError } from "../notion-error.ts";
import { isRecord } from "../validate/composites.ts";
import type { DataSourceNode, PageNode, PropertySchema, PropertyValue } from "../store/records.ts";
import type { View } from "../api/view.ts";
import { encodeId, findColumn } from "./find-column.ts";
import { computeFormula, presentFormula } from "./formula.ts";
import { plainValue } from "./plain-value.ts";
import { presentRollup } from "./present-rollup.ts";
import type { ValuePlace } from "./property-type.ts";
import { storedValue, typeOf } from "./stored-value.ts";

/** The only property of a page that is in no data source. */
const plainTitle: PropertySchema = {
  id: "title",
  name: "title",
  description: null,
  type: "title",
  config: {},
};

export function sourceOf(page: Pick<PageNode, "parentId">, view: View): DataSourceNode | undefined {
  const parent = view.store.get("nodes", page.parentId);
  return parent?.kind === "data_source" ? parent : undefined;
}

export function columnsOf(source: DataSourceNode | undefined): PropertySchema[] {
  return source ? source.schema : [plainTitle];
}

/** Columns in the order answers list them: by id, the title last. */
export function inAnswerOrder(columns: readonly PropertySchema[]): PropertySchema[] {
  const rank = ({ id }: PropertySchema): number => (id === "title" ? 1 : 0);
  return columns.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** What an answer shows of a page's properties. */
export interface Shown {
  /** Ids or names of those asked for; all without it. */
  only?: readonly string[] | undefined;
  /** Whether texts are shown with all their mentions, as where a page was just made. */
  hasWholeTexts?: boolean;
}

/** All properties of a page as an answer shows them, or those asked for. */
export function presentProperties(
  page: PageNode,
  view: View,
  { only, hasWholeTexts = false }: Shown = {},
): Record<string, object> {
  const source = sourceOf(page, view);
  const columns = inAnswerOrder(columnsOf(source));
  const shown = only
    ? columns.filter(({ id, name }) => [id, encodeId(id), name].some((key) => only.includes(key)))
    : columns;
  const place = { page, view, ...(source ? { sourceId: source.id } : {}) };
  return Object.fromEntries(
    shown.map((column) => [column.name, presentProperty({ ...place, column }, hasWholeTexts)]),
  );
}

/** References a page shows of one property; the rest is at the property's own endpoint. */
const mostReferences = 25;

function presentProperty(place: ValuePlace, hasWholeTexts: boolean): object {
  const { column } = place;
  const value = presentValue(place);
  const isText = column.type === "title" || column.type === "rich_text";
  const isWhole = !Array.isArray(value) || !typeOf(column).isPaged || (isText && hasWholeTexts);
  const shown = isWhole ? value : value.slice(0, isText ? textEnd(value) : mostReferences);
  return {
    id: encodeId(column.id),
    type: column.type,
    [column.type]: shown,
    ...(column.type === "relation" ? { has_more: shown !== value && isLonger(value) } : {}),
  };
}

/** Where a text is cut: before the first mention too many. */
function textEnd(items: readonly unknown[]): number {
  let mentions = 0;
  const end = items.findIndex((item) => {
    if (isRecord(item) && item["type"] === "mention") mentions += 1;
    return mentions > mostReferences;
  });
  return end < 0 ? items.length : end;
}

function isLonger(value: unknown): boolean {
  return Array.isArray(value) && value.length > mostReferences;
}

/** A page's value in full. */
export function presentValue(place: ValuePlace): unknown {
  const { column, page } = place;
  switch (column.type) {
    case "formula":
      return presentFormula(computeFormula(place, plainValue));
    case "rollup":
      return presentRollup(place, presentValue);
    default:
      return typeOf(column).present(storedValue(page, column), place);
  }
}

/** The values of a request, checked against the columns they are for. */
export function storeProperties(
  request: Record<string, unknown>,
  source: DataSourceNode | undefined,
  view: View,
): Record<string, PropertyValue> {
  const columns = columnsOf(source);
  const faults: string[] = [];
  const values: [string, PropertyValue][] = [];
  for (const [key, given] of Object.entries(request)) {
    const column = findColumn(columns, key);
    const fault = column ? faultOf(column, given) : `${key} is not a property that exists.`;
    if (fault !== undefined) faults.push(fault);
    if (column && fault === undefined) {
      const place = { column, view, ...(source ? { sourceId: source.id } : {}) };
      const value = typeOf(column).store(payloadOf(column, given), place);
      values.push([column.id, { type: column.type, value }]);
    }
  }
  if (faults.length > 0) throw NotionError.validation(faults.join(" "));
  return Object.fromEntries(values);
}

function faultOf(column: PropertySchema, given: unknown): string | undefined {
  if (typeOf(column).request && payloadOf(column, given) !== undefined) return undefined;
  if (!typeOf(column).request) {
    return `${column.name} is of type ${column.type}, which cannot be set.`;
  }
  return `${column.name} is expected to be ${column.type}.`;
}

/** A value under the key of its type, or bare, as old clients send titles. */
function payloadOf(column: PropertySchema, given: unknown): unknown {
  if (Array.isArray(given)) return ["title", "rich_text"].includes(column.type) ? given : undefined;
  return (given as Record<string, unknown>)[column.type];
}
