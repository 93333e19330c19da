import { toCondition, type ConditionPlace } from "./filter-condition.ts";
import {
  type ComparedAs,
  comparedAs,
  type Condition,
  conditionsOf,
  isFilterDate,
} from "./filter-conditions.ts";
import type { FilterPlace, FilterRow } from "./filter-row.ts";
import { findProperty, type PropertySchema } from "./property-schema.ts";

interface ComputedPlace extends FilterPlace {
  schema: PropertySchema;
}

/** The condition on a formula or rollup, under the key of what it comes to. */
export async function toComputedFilter(
  row: FilterRow,
  place: ComputedPlace,
): Promise<Record<string, unknown>> {
  if (place.schema.type === "formula") return toFormulaFilter(row, place);
  const kind = resultOf(place.schema);
  if (kind) return { [kind]: await toCondition(row, { ...place, kind }) };
  return { [row.quantifier ?? "any"]: await toItemFilter(row, place) };
}

async function toFormulaFilter(
  row: FilterRow,
  place: ComputedPlace,
): Promise<Record<string, unknown>> {
  const kind = row.compareAs ?? guess(row);
  const key = kind === "text" ? "string" : kind;
  return { [key]: await toCondition(row, { ...place, kind }) };
}

const shownValues: ReadonlySet<string> = new Set([
  "show_original",
  "show_unique",
  "count_per_group",
  "percent_per_group",
]);
const dates: ReadonlySet<string> = new Set(["earliest_date", "latest_date", "date_range"]);

/** What a rollup that comes to one value is; undefined for one that shows the values themselves. */
function resultOf({ rollup }: PropertySchema): "number" | "date" | undefined {
  if (!rollup || shownValues.has(rollup.function)) return undefined;
  return dates.has(rollup.function) ? "date" : "number";
}

/** The key under which an item of a rollup is compared, by the type of the property it shows. */
const itemKeys: Readonly<Record<string, string>> = {
  title: "rich_text",
  rich_text: "rich_text",
  url: "rich_text",
  email: "rich_text",
  phone_number: "rich_text",
  number: "number",
  unique_id: "number",
  checkbox: "checkbox",
  select: "select",
  status: "status",
  multi_select: "multi_select",
  date: "date",
  created_time: "date",
  last_edited_time: "date",
  people: "people",
  created_by: "people",
  last_edited_by: "people",
  relation: "relation",
  files: "files",
};

const keysOfGuess = { text: "rich_text", number: "number", checkbox: "checkbox", date: "date" };

async function toItemFilter(
  row: FilterRow,
  place: ComputedPlace,
): Promise<Record<string, unknown>> {
  const shown = row.compareAs ? undefined : await shownProperty(place);
  const key = shown && itemKeys[shown.type];
  const kind = shown && comparedAs[shown.type];
  if (shown && key !== undefined && kind) {
    // Options and faults are those of the property that is shown, under the name of the rollup.
    const schema = { ...shown, name: place.schema.name };
    const at: ConditionPlace = { ...place, schema, kind };
    return { [key]: await toCondition(row, at) };
  }
  const guessed = row.compareAs ?? guess(row);
  return { [keysOfGuess[guessed]]: await toCondition(row, { ...place, kind: guessed }) };
}

/** The property of the related data source that a rollup shows, where this connection sees it. */
async function shownProperty(place: ComputedPlace): Promise<PropertySchema | undefined> {
  const { rollup } = place.schema;
  const relation = rollup && findProperty(place.properties, rollup.relation_property_name);
  const related = relation?.relation?.data_source_id;
  if (!rollup || related === undefined) return undefined;
  return findProperty(await place.lookups.properties(related), rollup.rollup_property_name);
}

/** As what a result is compared, read from the condition and the value. */
function guess({ condition, value }: FilterRow): keyof typeof keysOfGuess {
  if (typeof value === "boolean") return "checkbox";
  if (typeof value === "number" || isOnlyOf("number", condition)) return "number";
  if (isOnlyOf("date", condition)) return "date";
  const isDate = typeof value === "string" && isFilterDate(value);
  return isDate && conditionsOf.date.includes(condition) ? "date" : "text";
}

function isOnlyOf(kind: ComparedAs & ("number" | "date"), condition: Condition): boolean {
  return conditionsOf[kind].includes(condition) && !conditionsOf.text.includes(condition);
}
