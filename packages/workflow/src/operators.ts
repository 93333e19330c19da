import type { Operator } from "./condition.ts";

/** What kind of values an operator compares. */
export type OperatorType = "text" | "number" | "date" | "boolean" | "any" | "list";

/** An operator for the builder and the docs. */
export interface OperatorDescription {
  id: Operator;
  /** As in Paragon's editor. */
  label: string;
  type: OperatorType;
  /** True where the variable is compared with a second value. */
  takesArgument: boolean;
  /** The opposite operator: on every input exactly one of the two holds. */
  negation?: Operator;
  meaning: string;
}

/**
 * All operators, in the order they are offered.
 *
 * - Text is a text, number or boolean (as its text). Case counts; nothing is trimmed.
 * - A number is a finite number or a text that is one in decimal: `12`, `-0.5`, `1e3`.
 * - A date is a text as in ISO 8601 (without a zone it is UTC, without a time midnight), a text as in
 *   the Date header of HTTP, or a number since 1970: seconds below 100,000,000,000, else milliseconds.
 * - Where a value is not of the operator's type the comparison is false, and its negation true.
 */
export const operatorTable: readonly OperatorDescription[] = [
  ...pair("text", true, {
    ids: ["$stringContains", "$stringDoesNotContain"],
    labels: ["Contains", "Does not contain"],
    meaning: "The argument is somewhere in the text.",
  }),
  ...pair("text", true, {
    ids: ["$stringExactlyMatches", "$stringDoesNotExactlyMatch"],
    labels: ["Exactly matches", "Does not exactly match"],
    meaning: "Both are the same text.",
  }),
  ...pair("text", true, {
    ids: ["$stringIsIn", "$stringIsNotIn"],
    labels: ["Is in", "Is not in"],
    meaning:
      "The text is one of the argument's: a list, or a text with commas between (spaces around each are dropped).",
  }),
  ...pair("text", true, {
    ids: ["$stringStartsWith", "$stringDoesNotStartWith"],
    labels: ["Starts with", "Does not start with"],
    meaning: "The text begins with the argument.",
  }),
  ...pair("text", true, {
    ids: ["$stringEndsWith", "$stringDoesNotEndWith"],
    labels: ["Ends with", "Does not end with"],
    meaning: "The text ends with the argument.",
  }),
  single("$stringGreaterThan", "text", "Greater than", {
    argument: true,
    meaning: "The text comes after the argument, by the order of UTF-16 code units.",
  }),
  single("$stringLessThan", "text", "Less than", {
    argument: true,
    meaning: "The text comes before the argument, by the order of UTF-16 code units.",
  }),
  single("$numberGreaterThan", "number", "Greater than", {
    argument: true,
    meaning: "The number is greater than the argument.",
  }),
  single("$numberLessThan", "number", "Less than", {
    argument: true,
    meaning: "The number is less than the argument.",
  }),
  ...pair("number", true, {
    ids: ["$numberEquals", "$numberDoesNotEqual"],
    labels: ["Equals", "Does not equal"],
    meaning: "Both are the same number.",
  }),
  single("$numberLessThanOrEqualTo", "number", "Less than or equal to", {
    argument: true,
    meaning: "The number is less than the argument or equal to it.",
  }),
  single("$numberGreaterThanOrEqualTo", "number", "Greater than or equal to", {
    argument: true,
    meaning: "The number is greater than the argument or equal to it.",
  }),
  single("$dateTimeAfter", "date", "After", {
    argument: true,
    meaning: "The instant is later than the argument's.",
  }),
  single("$dateTimeBefore", "date", "Before", {
    argument: true,
    meaning: "The instant is earlier than the argument's.",
  }),
  single("$dateTimeEquals", "date", "Equals", {
    argument: true,
    meaning: "Both are the same instant, whatever their zones.",
  }),
  single("$booleanTrue", "boolean", "Is true", {
    argument: false,
    meaning: "The value is true or the text `true`.",
  }),
  single("$booleanFalse", "boolean", "Is false", {
    argument: false,
    meaning: "The value is false or the text `false`.",
  }),
  ...pair("any", false, {
    ids: ["$exists", "$doesNotExist"],
    labels: ["Is not null", "Is null"],
    meaning: "The value is not null. What is absent is not null either: use Exists for it.",
  }),
  ...pair("any", false, {
    ids: ["$isNotUndefinedOrNull", "$isUndefinedOrNull"],
    labels: ["Exists", "Does not exist"],
    meaning:
      "There is a value: neither absent nor null. An empty text, 0, false and an empty list are values.",
  }),
  ...pair("list", true, {
    ids: ["$arrayIsIn", "$arrayIsNotIn"],
    labels: ["Is in", "Is not in"],
    meaning:
      "The value is one of the argument's: items of a list, compared as JSON without regard to the order of keys, or a text with commas between.",
  }),
  ...pair("list", false, {
    ids: ["$arrayIsEmpty", "$arrayIsNotEmpty"],
    labels: ["Is empty", "Is not empty"],
    meaning: "A list without items, or no value at all.",
  }),
  single("$none", "any", "None", {
    argument: false,
    meaning: "No comparison was chosen: always holds.",
  }),
];

const descriptions: ReadonlyMap<string, OperatorDescription> = new Map(
  operatorTable.map((operator) => [operator.id, operator]),
);

/** True where the operator compares with a second value. */
export function takesArgument(operator: Operator): boolean {
  return descriptions.get(operator)?.takesArgument ?? false;
}

function single(
  id: Operator,
  type: OperatorType,
  label: string,
  more: { argument: boolean; meaning: string },
): OperatorDescription {
  return { id, label, type, takesArgument: more.argument, meaning: more.meaning };
}

function pair(
  type: OperatorType,
  takesArgument: boolean,
  of: { ids: [Operator, Operator]; labels: [string, string]; meaning: string },
): OperatorDescription[] {
  const [id, negation] = of.ids;
  const [label, negationLabel] = of.labels;
  return [
    { id, label, type, takesArgument, negation, meaning: of.meaning },
    {
      id: negation,
      label: negationLabel,
      type,
      takesArgument,
      negation: id,
      meaning: `The opposite of ${label}. ${of.meaning}`,
    },
  ];
}
