import { parseId } from "../ids.ts";
import type { FilterPlace, FilterRow } from "./filter-row.ts";
import { type ComparedAs, conditionsOf, isFilterDate, isSpan } from "./filter-conditions.ts";
import { findOption, toList, unknownOption } from "./option-value.ts";
import { parseTruth } from "./parse-truth.ts";
import { propertyFault } from "./property-fault.ts";
import type { PropertySchema } from "./property-schema.ts";

/** The property whose values a condition is about, and as what they are compared. */
export interface ConditionPlace extends FilterPlace {
  schema: PropertySchema;
  kind: ComparedAs;
}

/** The condition of a row as Notion takes it, such as `{"greater_than": 5}`. */
export async function toCondition(
  row: FilterRow,
  place: ConditionPlace,
): Promise<Record<string, unknown>> {
  const { schema, kind } = place;
  const { condition } = row;
  if (!conditionsOf[kind].includes(condition)) {
    const taken = conditionsOf[kind].join(", ");
    throw propertyFault(schema, condition, `its conditions are ${taken}.`);
  }
  if (condition === "is_empty" || condition === "is_not_empty") return { [condition]: true };
  if (isSpan(condition)) return { [condition]: {} };
  const value = await toOperand(row.value, place);
  const key = kind === "verification" && condition === "equals" ? "status" : condition;
  return { [key]: value };
}

async function toOperand(value: unknown, place: ConditionPlace): Promise<unknown> {
  const { schema, kind, lookups } = place;
  if (value === undefined || value === null) {
    throw propertyFault(schema, null, "this condition needs a value.");
  }
  switch (kind) {
    case "text":
      return toText(value) ?? refuse(schema, value, "compare it with a text.");
    case "number":
      return toNumber(value, schema);
    case "checkbox":
      return parseTruth(value) ?? refuse(schema, value, "compare it with true or false.");
    case "choice":
    case "choices":
      return toOptionNames(value, schema);
    case "date":
      return typeof value === "string" && isFilterDate(value)
        ? value
        : refuse(schema, value, "compare it with a date such as 2026-03-01, or with today.");
    case "people":
      return value === "me" ? value : lookups.personId(value, schema);
    case "relation":
      return parseId(value) ?? refuse(schema, value, "compare it with the id of a page.");
    case "verification":
      return toVerificationStatus(value, schema);
    case "files":
      return refuse(schema, value, "its conditions take no value.");
  }
}

function refuse(schema: PropertySchema, value: unknown, advice: string): never {
  throw propertyFault(schema, value, advice);
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A number; of a unique id also with its prefix, such as `TASK-12`. */
function toNumber(value: unknown, schema: PropertySchema): number {
  const text = typeof value === "string" ? value.trim() : value;
  const bare = schema.type === "unique_id" ? String(text).replace(/^.*-(?=\d+$)/, "") : text;
  const number = typeof bare === "string" && bare !== "" ? Number(bare) : bare;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw propertyFault(schema, value, "compare it with a number.");
}

function toOptionNames(value: unknown, schema: PropertySchema): string | string[] {
  // A text is first one name: names of statuses may have commas.
  const items = findOption(schema, value) ? [value] : toList(value);
  const names = items.map((item) => {
    const option = findOption(schema, item);
    if (option) return option.name;
    throw unknownOption(schema, item);
  });
  const [only] = names;
  if (only !== undefined) return names.length === 1 ? only : names;
  throw propertyFault(schema, value, "compare it with the name of an option.");
}

const statuses: ReadonlyMap<unknown, string> = new Map([
  ["verified", "verified"],
  ["expired", "expired"],
  ["unverified", "none"],
  ["none", "none"],
]);

function toVerificationStatus(value: unknown, schema: PropertySchema): string {
  const status = statuses.get(value);
  if (status !== undefined) return status;
  throw propertyFault(schema, value, "compare it with verified, expired or none.");
}
