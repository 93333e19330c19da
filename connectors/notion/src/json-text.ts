import { AppError } from "@tenon/connector";
import * as z from "zod";

/** A field that takes JSON, or text that holds it, as templates give it. */
export function jsonField<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.string()]);
}

/**
 * A field's JSON, read from text where it is text. Blank text is undefined.
 *
 * @throws AppError `invalid_input` that names the field.
 */
export function readJsonField<T extends z.ZodType>(
  value: unknown,
  { title, schema }: { title: string; schema: T },
): z.output<T> | undefined {
  if (value === undefined || (typeof value === "string" && value.trim() === "")) return undefined;
  const parsed = schema.safeParse(typeof value === "string" ? parseJson(value, title) : value);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid_input", 400, `"${title}": ${z.prettifyError(parsed.error)}`);
}

function parseJson(text: string, title: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_input", 400, `"${title}" is not JSON: ${text.slice(0, 100)}`);
  }
}
