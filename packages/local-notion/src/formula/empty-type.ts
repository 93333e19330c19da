import type { Expression } from "./parse-formula.ts";

/** The types a formula that comes to nothing can be of. */
export type ResultType = "string" | "number" | "date";

const numeric = new Set([
  "subtract",
  "multiply",
  "divide",
  "mod",
  "pow",
  "unaryMinus",
  "abs",
  "ceil",
  "floor",
  "round",
  "sqrt",
  "cbrt",
  "exp",
  "ln",
  "log10",
  "log2",
  "sign",
  "sum",
  "min",
  "max",
  "mean",
  "median",
  "toNumber",
  "findIndex",
  "count",
  "length",
  "minute",
  "hour",
  "day",
  "date",
  "week",
  "month",
  "year",
  "timestamp",
  "dateBetween",
]);
const dates = new Set([
  "fromTimestamp",
  "parseDate",
  "dateAdd",
  "dateSubtract",
  "dateStart",
  "dateEnd",
  "dateRange",
]);

/**
 * The type a formula has while it comes to nothing, as far as its outermost part tells: Notion
 * answers `{"type":"number","number":null}` for twice an empty number.
 */
export function emptyType(
  expression: Expression,
  columnType: (id: string) => string | undefined,
): ResultType {
  if (expression.kind === "value") return "string";
  if (expression.kind === "property") {
    const type = columnType(expression.id);
    return type === "number" || type === "date" ? type : "string";
  }
  if (numeric.has(expression.name)) return "number";
  if (dates.has(expression.name)) return "date";
  if (expression.name === "let" || expression.name === "lets") {
    const last = expression.args.at(-1);
    return last ? emptyType(last, columnType) : "string";
  }
  if (expression.name !== "if") return "string";
  const branches = expression.args.slice(1).map((branch) => emptyType(branch, columnType));
  return branches.find((type) => type !== "string") ?? "string";
}
