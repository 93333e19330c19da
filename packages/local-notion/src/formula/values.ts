import type { DateValue } from "../rich-text/rich-text.ts";

/** What formulas compute with; null is the empty value. */
export type Value = string | number | boolean | null | DateValue | Value[];

export function isDate(value: Value): value is DateValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function toNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (isDate(value)) return Date.parse(value.start);
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

export function toText(value: Value): string {
  if (value === null) return "";
  if (Array.isArray(value)) return value.map(toText).join(", ");
  if (isDate(value)) return value.start;
  return String(value);
}

export function isTruthy(value: Value): boolean {
  return !isEmptyValue(value);
}

export function isEmptyValue(value: Value): boolean {
  if (value === null || value === "" || value === 0 || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

export function isEqual(a: Value, b: Value): boolean {
  if (isDate(a) && isDate(b)) return Date.parse(a.start) === Date.parse(b.start);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, index) => isEqual(one, b[index] ?? null));
  }
  if (typeof a === typeof b && !Array.isArray(a)) return a === b;
  return toText(a) === toText(b);
}

/** Below 0, 0 or above, as the first is before, at or after the second. */
export function order(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b, "en");
  return toNumber(a) - toNumber(b);
}

/** The items of a list; a single value is a list of one, and nothing an empty one. */
export function itemsOf(value: Value): Value[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** All items of lists within lists. */
export function flatten(values: Value[]): Value[] {
  return values.flatMap((value) => (Array.isArray(value) ? flatten(value) : [value]));
}
