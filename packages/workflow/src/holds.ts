import { canonicalJson } from "./canonical-json.ts";
import type { Operator } from "./condition.ts";
import { readInstant } from "./instant.ts";

/** Whether a comparison of two values of a run holds. Never throws; linear in the values' size. */
export function holds(operator: Operator, variable: unknown, argument: unknown): boolean {
  switch (operator) {
    case "$stringContains":
      return compare(readText, variable, argument, (text, part) => text.includes(part));
    case "$stringDoesNotContain":
      return !holds("$stringContains", variable, argument);
    case "$stringExactlyMatches":
      return compare(readText, variable, argument, (a, b) => a === b);
    case "$stringDoesNotExactlyMatch":
      return !holds("$stringExactlyMatches", variable, argument);
    case "$stringIsIn":
      return isOneOf(readText(variable), argument);
    case "$stringIsNotIn":
      return !holds("$stringIsIn", variable, argument);
    case "$stringStartsWith":
      return compare(readText, variable, argument, (text, part) => text.startsWith(part));
    case "$stringDoesNotStartWith":
      return !holds("$stringStartsWith", variable, argument);
    case "$stringEndsWith":
      return compare(readText, variable, argument, (text, part) => text.endsWith(part));
    case "$stringDoesNotEndWith":
      return !holds("$stringEndsWith", variable, argument);
    case "$stringGreaterThan":
      return compare(readText, variable, argument, (a, b) => a > b);
    case "$stringLessThan":
      return compare(readText, variable, argument, (a, b) => a < b);
    case "$numberGreaterThan":
      return compare(readNumber, variable, argument, (a, b) => a > b);
    case "$numberLessThan":
      return compare(readNumber, variable, argument, (a, b) => a < b);
    case "$numberEquals":
      return compare(readNumber, variable, argument, (a, b) => a === b);
    case "$numberDoesNotEqual":
      return !holds("$numberEquals", variable, argument);
    case "$numberLessThanOrEqualTo":
      return compare(readNumber, variable, argument, (a, b) => a <= b);
    case "$numberGreaterThanOrEqualTo":
      return compare(readNumber, variable, argument, (a, b) => a >= b);
    case "$dateTimeAfter":
      return compare(readInstant, variable, argument, (a, b) => a > b);
    case "$dateTimeBefore":
      return compare(readInstant, variable, argument, (a, b) => a < b);
    case "$dateTimeEquals":
      return compare(readInstant, variable, argument, (a, b) => a === b);
    case "$booleanTrue":
      return variable === true || variable === "true";
    case "$booleanFalse":
      return variable === false || variable === "false";
    // Paragon's SDK: compared strictly with null, which is why the two below were added.
    case "$exists":
      return variable !== null;
    case "$doesNotExist":
      return variable === null;
    case "$isNotUndefinedOrNull":
      return variable !== undefined && variable !== null;
    case "$isUndefinedOrNull":
      return variable === undefined || variable === null;
    case "$arrayIsIn":
      return isItemOf(variable, argument);
    case "$arrayIsNotIn":
      return !holds("$arrayIsIn", variable, argument);
    case "$arrayIsEmpty":
      return Array.isArray(variable)
        ? variable.length === 0
        : variable === undefined || variable === null;
    case "$arrayIsNotEmpty":
      return !holds("$arrayIsEmpty", variable, argument);
    case "$none":
      return true;
    default:
      return operator satisfies never;
  }
}

/** False where one of the two is not of the type that `read` reads. */
function compare<T>(
  read: (value: unknown) => T | undefined,
  variable: unknown,
  argument: unknown,
  test: (variable: T, argument: T) => boolean,
): boolean {
  const left = read(variable);
  const right = read(argument);
  return left !== undefined && right !== undefined && test(left, right);
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

function isOneOf(text: string | undefined, argument: unknown): boolean {
  if (text === undefined) return false;
  if (Array.isArray(argument)) return argument.some((item) => readText(item) === text);
  const listed = readText(argument);
  if (listed === undefined) return false;
  return listed === text || listed.split(",").some((item) => item.trim() === text);
}

function isItemOf(variable: unknown, argument: unknown): boolean {
  if (!Array.isArray(argument)) return isOneOf(readText(variable), argument);
  const wanted = canonicalJson(variable);
  return wanted !== undefined && argument.some((item) => canonicalJson(item) === wanted);
}
