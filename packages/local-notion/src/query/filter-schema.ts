import { dateText } from "../rich-text/rich-text-schema.ts";
import { array, object, union } from "../validate/composites.ts";
import {
  anything,
  boolean,
  id,
  literal,
  number,
  oneOf,
  optional,
  string,
} from "../validate/scalars.ts";
import type { Schema } from "../validate/schema.ts";

type Condition = Record<string, unknown>;

/** A filter of a query, after checking. */
export type Filter =
  | { and: Filter[] }
  | { or: Filter[] }
  | ({ property: string } & Record<string, unknown>)
  | ({ timestamp: "created_time" | "last_edited_time" } & Record<string, unknown>);

const yes = literal(true);
const existence = [object({ is_empty: yes }), object({ is_not_empty: yes })];

function either(...names: string[]): (schema: Schema<unknown>) => Schema<Condition>[] {
  return (schema) => names.map((name) => object({ [name]: schema }));
}

const texts = string();
const oneOrMore = union(string(), array(string(), { max: 100 }));
const relativeDate = oneOf([
  "today",
  "tomorrow",
  "yesterday",
  "one_week_ago",
  "one_week_from_now",
  "one_month_ago",
  "one_month_from_now",
]);
const dateOrRelative: Schema<string> = {
  expects: "a valid ISO 8601 date string",
  check: (value, at, problems) => {
    const found: typeof problems = [];
    relativeDate.check(value, at, found);
    if (found.length > 0) dateText.check(value, at, problems);
  },
};
const personOrMe: Schema<string> = {
  expects: "a valid uuid",
  check: (value, at, problems) => {
    if (value !== "me") id().check(value, at, problems);
  },
};

const text = union(
  ...either(
    "equals",
    "does_not_equal",
    "contains",
    "does_not_contain",
    "starts_with",
    "ends_with",
  )(texts),
  ...existence,
);
const numeric = union(
  ...either(
    "equals",
    "does_not_equal",
    "greater_than",
    "less_than",
    "greater_than_or_equal_to",
    "less_than_or_equal_to",
  )(number()),
  ...existence,
);
const checkbox = union(...either("equals", "does_not_equal")(boolean()));
const select = union(...either("equals", "does_not_equal")(oneOrMore), ...existence);
const multiSelect = union(...either("contains", "does_not_contain")(oneOrMore), ...existence);
const date = union(
  ...either("equals", "before", "after", "on_or_before", "on_or_after")(dateOrRelative),
  ...either(
    "this_week",
    "past_week",
    "past_month",
    "past_year",
    "next_week",
    "next_month",
    "next_year",
  )(object({})),
  ...existence,
);
const people = union(...either("contains", "does_not_contain")(personOrMe), ...existence);
const relation = union(...either("contains", "does_not_contain")(id()), ...existence);
const files = union(...existence);
const formula = union(
  object({ string: text }),
  object({ checkbox }),
  object({ number: numeric }),
  object({ date }),
);
const rollupItem = union(
  object({ rich_text: text }),
  object({ number: numeric }),
  object({ checkbox }),
  object({ select }),
  object({ multi_select: multiSelect }),
  object({ relation }),
  object({ date }),
  object({ people }),
  object({ files }),
  object({ status: select }),
);
const rollup = union(
  ...either("any", "none", "every")(rollupItem),
  object({ date }),
  object({ number: numeric }),
);
const verification = union(
  ...either("status", "does_not_equal")(oneOf(["verified", "expired", "none"])),
);

/** What may be asked of a value, by the key that says as what it is looked at. */
const conditions: Readonly<Record<string, Schema<unknown>>> = {
  title: text,
  rich_text: text,
  number: numeric,
  checkbox,
  select,
  multi_select: multiSelect,
  status: select,
  date,
  people,
  files,
  url: text,
  email: text,
  phone_number: text,
  relation,
  created_by: people,
  created_time: date,
  last_edited_by: people,
  last_edited_time: date,
  formula,
  unique_id: numeric,
  rollup,
  verification,
};

const single = union(
  ...Object.entries(conditions).map(([key, condition]) =>
    object({ property: string(), type: optional(string()), [key]: condition }),
  ),
  ...(["created_time", "last_edited_time"] as const).map((timestamp) =>
    object({ timestamp: literal(timestamp), type: optional(anything()), [timestamp]: date }),
  ),
);

/** Filters may be combined on two levels. */
function group(item: Schema<unknown>): Schema<unknown>[] {
  const items = array(item, { max: 100 });
  return [object({ and: items }), object({ or: items })];
}

const inner = union(single, ...group(single));
const outer = union(single, ...group(inner));

/** The filter of a query. */
export const filterSchema: Schema<Filter> = { expects: "an object", check: outer.check };

/** Keys a condition may stand under. */
export const conditionKeys: ReadonlySet<string> = new Set(Object.keys(conditions));
