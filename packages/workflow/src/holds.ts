import { canonicalJson } from "./canonical-json.ts";
import type { Operator } from "./condition.ts";
import { readInstant } from "./instant.ts";

type Test = (variable: unknown, argument: unknown) => boolean;

const contains = comparing(readText, (text, part) => text.includes(part));
const isSameText = comparing(readText, (a, b) => a === b);
const startsWith = comparing(readText, (text, part) => text.startsWith(part));
const endsWith = comparing(readText, (text, part) => text.endsWith(part));
const isSameNumber = comparing(readNumber, (a, b) => a === b);
const isAbsent: Test = (variable) => variable === undefined || variable === null;
const isEmptyList: Test = (variable, argument) =>
  Array.isArray(variable) ? variable.length === 0 : isAbsent(variable, argument);

const tests: Readonly<Record<Operator, Test>> = {
  $stringContains: contains,
  $stringDoesNotContain: not(contains),
  $stringExactlyMatches: isSameText,
  $stringDoesNotExactlyMatch: not(isSameText),
  $stringIsIn: isOneOf,
  $stringIsNotIn: not(isOneOf),
  $stringStartsWith: startsWith,
  $stringDoesNotStartWith: not(startsWith),
  $stringEndsWith: endsWith,
  $stringDoesNotEndWith: not(endsWith),
  $stringGreaterThan: comparing(readText, (a, b) => a > b),
  $stringLessThan: comparing(readText, (a, b) => a < b),
  $numberGreaterThan: comparing(readNumber, (a, b) => a > b),
  $numberLessThan: comparing(readNumber, (a, b) => a < b),
  $numberEquals: isSameNumber,
  $numberDoesNotEqual: not(isSameNumber),
  $numberLessThanOrEqualTo: comparing(readNumber, (a, b) => a <= b),
  $numberGreaterThanOrEqualTo: comparing(readNumber, (a, b) => a >= b),
  $dateTimeAfter: comparing(readInstant, (a, b) => a > b),
  $dateTimeBefore: comparing(readInstant, (a, b) => a < b),
  $dateTimeEquals: comparing(readInstant, (a, b) => a === b),
  $booleanTrue: (variable) => variable === true || variable === "true",
  $booleanFalse: (variable) => variable === false || variable === "false",
  // Strictly null, as Paragon's SDK says of these two; the next two were added for what is absent.
  $exists: (variable) => variable !== null,
  $doesNotExist: (variable) => variable === null,
  $isNotUndefinedOrNull: not(isAbsent),
  $isUndefinedOrNull: isAbsent,
  $arrayIsIn: isItemOf,
  $arrayIsNotIn: not(isItemOf),
  $arrayIsEmpty: isEmptyList,
  $arrayIsNotEmpty: not(isEmptyList),
  $none: () => true,
};

/** Whether a comparison of two values of a run holds. Never throws; linear in the values' size. */
export function holds(operator: Operator, variable: unknown, argument: unknown): boolean {
  return tests[operator](variable, argument);
}

function not(test: Test): Test {
  return (variable, argument) => !test(variable, argument);
}

/** A test that fails where one of the two is not of the type that `read` reads. */
function comparing<T>(
  read: (value: unknown) => T | undefined,
  test: (variable: T, argument: T) => boolean,
): Test {
  return (variable, argument) => {
    const left = read(variable);
    const right = read(argument);
    return left !== undefined && right !== undefined && test(left, right);
  };
}

function readText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  // The characters rule out what Number also reads: "", "0x10", "Infinity".
  if (typeof value !== "string" || !/^\s*[-+.\deE]+\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function isOneOf(variable: unknown, argument: unknown): boolean {
  const text = readText(variable);
  if (text === undefined) return false;
  if (Array.isArray(argument)) return argument.some((item) => readText(item) === text);
  const listed = readText(argument);
  if (listed === undefined) return false;
  return listed === text || listed.split(",").some((item) => item.trim() === text);
}

function isItemOf(variable: unknown, argument: unknown): boolean {
  if (!Array.isArray(argument)) return isOneOf(variable, argument);
  const wanted = canonicalJson(variable);
  return wanted !== undefined && argument.some((item) => canonicalJson(item) === wanted);
}
