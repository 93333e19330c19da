import * as z from "zod";

/** Paragon's operators, under the names of its compiled form. */
export const operators = [
  "$stringContains",
  "$stringDoesNotContain",
  "$stringExactlyMatches",
  "$stringDoesNotExactlyMatch",
  "$stringIsIn",
  "$stringIsNotIn",
  "$stringStartsWith",
  "$stringDoesNotStartWith",
  "$stringEndsWith",
  "$stringDoesNotEndWith",
  "$stringGreaterThan",
  "$stringLessThan",
  "$numberGreaterThan",
  "$numberLessThan",
  "$numberEquals",
  "$numberDoesNotEqual",
  "$numberLessThanOrEqualTo",
  "$numberGreaterThanOrEqualTo",
  "$dateTimeAfter",
  "$dateTimeBefore",
  "$dateTimeEquals",
  "$booleanTrue",
  "$booleanFalse",
  "$exists",
  "$doesNotExist",
  "$isNotUndefinedOrNull",
  "$isUndefinedOrNull",
  "$arrayIsIn",
  "$arrayIsNotIn",
  "$arrayIsEmpty",
  "$arrayIsNotEmpty",
  "$none",
] as const;
export type Operator = (typeof operators)[number];

/** One comparison. `variable` and `argument` are any JSON whose texts may hold references. */
const Comparison = z.object({
  operator: z.enum(operators),
  variable: z.json(),
  argument: z.json().optional(),
});

export type Condition =
  | z.output<typeof Comparison>
  | { join: "and" | "or"; conditions: Condition[] };

const Join: z.ZodType<{ join: "and" | "or"; conditions: Condition[] }> = z.object({
  join: z.enum(["and", "or"]),
  get conditions() {
    return z.array(Condition).min(1).max(100);
  },
});

/** Comparisons joined by and/or to any depth. */
export const Condition: z.ZodType<Condition> = z.union([Comparison, Join]);
