import { isIsoDate } from "./date-value.ts";

/** Every condition of a filter row, as Notion names them. */
export const conditions = [
  "equals",
  "does_not_equal",
  "contains",
  "does_not_contain",
  "starts_with",
  "ends_with",
  "greater_than",
  "less_than",
  "greater_than_or_equal_to",
  "less_than_or_equal_to",
  "before",
  "after",
  "on_or_before",
  "on_or_after",
  "this_week",
  "past_week",
  "past_month",
  "past_year",
  "next_week",
  "next_month",
  "next_year",
  "is_empty",
  "is_not_empty",
] as const;
export type Condition = (typeof conditions)[number];

const existence: readonly Condition[] = ["is_empty", "is_not_empty"];
const equality: readonly Condition[] = ["equals", "does_not_equal"];
const membership: readonly Condition[] = ["contains", "does_not_contain"];

const spans: readonly Condition[] = [
  "this_week",
  "past_week",
  "past_month",
  "past_year",
  "next_week",
  "next_month",
  "next_year",
];

/** Whether a condition is a span of days, which takes no value. */
export function isSpan(condition: Condition): boolean {
  return spans.includes(condition);
}

/** What the result of a formula or rollup may be compared as. */
export const comparisons = ["text", "number", "checkbox", "date"] as const;

/** What values are compared as: each takes its own conditions. */
export type ComparedAs =
  | "text"
  | "number"
  | "checkbox"
  | "choice"
  | "choices"
  | "date"
  | "people"
  | "relation"
  | "files"
  | "verification";

/** The conditions that each kind of value takes. */
export const conditionsOf: Readonly<Record<ComparedAs, readonly Condition[]>> = {
  text: [...equality, ...membership, "starts_with", "ends_with", ...existence],
  number: [
    ...equality,
    "greater_than",
    "less_than",
    "greater_than_or_equal_to",
    "less_than_or_equal_to",
    ...existence,
  ],
  checkbox: equality,
  choice: [...equality, ...existence],
  choices: [...membership, ...existence],
  date: ["equals", "before", "after", "on_or_before", "on_or_after", ...spans, ...existence],
  people: [...membership, ...existence],
  relation: [...membership, ...existence],
  files: existence,
  verification: equality,
};

/** As what a property's values are compared, by the type of the property. */
export const comparedAs: Readonly<Record<string, ComparedAs>> = {
  title: "text",
  rich_text: "text",
  url: "text",
  email: "text",
  phone_number: "text",
  number: "number",
  unique_id: "number",
  checkbox: "checkbox",
  select: "choice",
  status: "choice",
  multi_select: "choices",
  date: "date",
  created_time: "date",
  last_edited_time: "date",
  people: "people",
  created_by: "people",
  last_edited_by: "people",
  relation: "relation",
  files: "files",
  verification: "verification",
};

const relativeDays: ReadonlySet<string> = new Set([
  "today",
  "tomorrow",
  "yesterday",
  "one_week_ago",
  "one_week_from_now",
  "one_month_ago",
  "one_month_from_now",
]);

/** A day or moment of a filter, or one of Notion's words for a day seen from today. */
export function isFilterDate(text: string): boolean {
  return relativeDays.has(text) || isIsoDate(text);
}
