import { AppError } from "@tenon/connector";
import * as z from "zod";
import { toCondition } from "./filter-condition.ts";
import { comparedAs } from "./filter-conditions.ts";
import { toComputedFilter } from "./filter-computed.ts";
import type { FilterPlace, FilterRow } from "./filter-row.ts";
import { propertyFault } from "./property-fault.ts";
import {
  findProperty,
  type PropertySchema,
  type PropertySchemas,
  requireProperty,
} from "./property-schema.ts";

/** A filter as Notion takes it. */
export type NotionFilter = Record<string, unknown>;

export interface FilterRequest {
  rows: readonly FilterRow[];
  /** How rows are joined. */
  match: "and" | "or";
  /** A filter in Notion's form, which must hold as well. */
  raw?: NotionFilter | undefined;
}

const mostRows = 100;

/**
 * Notion's filter for the form's rows and a raw filter, or undefined where there is neither.
 *
 * @throws AppError `invalid_input` for a property that is not there, a condition that its type does
 * not take, or a value of the wrong kind.
 */
export async function toFilter(
  { rows, match, raw }: FilterRequest,
  place: FilterPlace,
): Promise<NotionFilter | undefined> {
  if (rows.length > mostRows) {
    throw new AppError("invalid_input", 400, `A filter has at most ${mostRows} rows.`);
  }
  const written: NotionFilter[] = [];
  for (const row of rows) written.push(await toRowFilter(row, place));
  if (raw) assertProperties(raw, place.properties);
  const [only] = written;
  const form = written.length > 1 ? { [match]: written } : only;
  return raw && form ? join(form, raw) : (form ?? raw);
}

async function toRowFilter(row: FilterRow, place: FilterPlace): Promise<NotionFilter> {
  const schema = findProperty(place.properties, row.property);
  if (!schema && isTimestamp(row.property)) {
    const time = { name: row.property, type: "date", id: row.property };
    const condition = await toCondition(row, { ...place, schema: time, kind: "date" });
    return { timestamp: row.property, [row.property]: condition };
  }
  return toPropertyFilter(row, place, schema ?? requireProperty(place.properties, row.property));
}

async function toPropertyFilter(
  row: FilterRow,
  place: FilterPlace,
  schema: PropertySchema,
): Promise<NotionFilter> {
  const property = schema.name;
  if (schema.type === "formula" || schema.type === "rollup") {
    return { property, [schema.type]: await toComputedFilter(row, { ...place, schema }) };
  }
  const kind = Object.hasOwn(comparedAs, schema.type) ? comparedAs[schema.type] : undefined;
  if (!kind) throw propertyFault(schema, row.value, "Notion cannot filter by this type.");
  return { property, [schema.type]: await toCondition(row, { ...place, schema, kind }) };
}

function isTimestamp(name: string): boolean {
  return name === "created_time" || name === "last_edited_time";
}

/** Both filters must hold. Notion takes groups within a group, and no deeper. */
function join(form: NotionFilter, raw: NotionFilter): NotionFilter {
  const parts = [form, raw].flatMap((filter) => partsOf(filter, "and") ?? [filter]);
  if (parts.some((part) => depthOf(part) > 1)) {
    throw new AppError(
      "invalid_input",
      400,
      "The filter in Notion's JSON is nested too deeply to be joined with the rows: Notion takes two levels of and/or. Write all of it as JSON.",
    );
  }
  return { and: parts };
}

function partsOf(filter: NotionFilter, key: "and" | "or"): NotionFilter[] | undefined {
  return z.array(z.record(z.string(), z.unknown())).safeParse(filter[key]).data;
}

function depthOf(filter: NotionFilter): number {
  const parts = partsOf(filter, "and") ?? partsOf(filter, "or");
  return parts ? 1 + Math.max(0, ...parts.map(depthOf)) : 0;
}

function assertProperties(filter: NotionFilter, properties: PropertySchemas): void {
  const { property } = filter;
  if (typeof property === "string") requireProperty(properties, property);
  const parts = [...(partsOf(filter, "and") ?? []), ...(partsOf(filter, "or") ?? [])];
  for (const part of parts) assertProperties(part, properties);
}
