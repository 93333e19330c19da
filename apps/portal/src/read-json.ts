/** JSON, or a structured clone, of which nothing is known yet. */
export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value where it is an object, else an empty one: missing branches read as missing values. */
export function readRecord(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The value where it is a text with something in it. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

export function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A date in the ISO form of the wire. */
export function readDate(value: unknown): Date | undefined {
  const date = new Date(readText(value) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
