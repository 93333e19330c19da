import type * as z from "zod";
import { lifecycleError } from "./lifecycle-error.ts";

/** More than anything that is stored may have. */
const maxInputBytes = 8_000_000;

/** Parses what a caller gave to be stored; throws `invalid_request` that names each fault. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  what: string,
): z.output<Schema> {
  requireStorable(input, maxInputBytes, what);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => `${[what, ...path].join(".")}: ${message}`);
  throw lifecycleError("invalid_request", faults.join("; "));
}

/**
 * Bytes of a value as JSON. Throws `invalid_request` where it has no JSON or is nested too deeply,
 * `payload_too_large` above `maxBytes`.
 */
export function measureJson(value: unknown, maxBytes: number, what: string): number {
  return measure(toJson(value, what), maxBytes, what);
}

/**
 * As {@link measureJson}, for what is stored as `jsonb`: texts in it may hold no NUL and no half of
 * a surrogate pair.
 */
export function requireStorable(value: unknown, maxBytes: number, what: string): void {
  const text = toJson(value, what);
  measure(text, maxBytes, what);
  if (!unstorable.test(text)) return;
  throw lifecycleError(
    "invalid_request",
    `${what} holds a text with a NUL character or half a character. Remove it.`,
  );
}

/** As JSON.stringify escapes them; a text that only looks like it has its backslash doubled. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

function measure(text: string, maxBytes: number, what: string): number {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return bytes;
  throw lifecycleError(
    "payload_too_large",
    `${what} is ${bytes} bytes of JSON; at most ${maxBytes} are accepted.`,
  );
}

function toJson(value: unknown, what: string): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch (cause) {
    throw lifecycleError("invalid_request", `${what} is no JSON, or nested too deeply.`, { cause });
  }
}
