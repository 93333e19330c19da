import type * as z from "zod";
import { toJsonSchema } from "../to-json-schema.ts";

interface Field {
  type?: string;
  format?: string;
  title?: string;
  description?: string;
  enum?: (string | number)[];
  ui?: { picker?: string };
}

/** The fields of a form in the SDK's words. */
export function toParameters(input: z.ZodType): Record<string, unknown>[] {
  const { properties = {}, required = [] } = toJsonSchema(input, "input") as {
    properties?: Record<string, Field>;
    required?: string[];
  };
  return Object.entries(properties).map(([id, field]) => ({
    id,
    title: field.title ?? id,
    required: required.includes(id),
    ...(field.description !== undefined && { subtitle: field.description }),
    ...toType(field),
  }));
}

function toType({ type, format, enum: values, ui }: Field): Record<string, unknown> {
  if (ui?.picker !== undefined) return { type: "DYNAMIC_ENUM", sourceType: ui.picker };
  if (values) {
    return { type: "ENUM", values: values.map((value) => ({ label: String(value), value })) };
  }
  if (type === "boolean") return { type: "BOOLEAN_INPUT" };
  if (type === "number" || type === "integer") return { type: "NUMBER" };
  if (type === "string") return { type: format === "uri" ? "URL" : "TEXT_NO_VARS" };
  return { type: "TEXTAREA_NO_VARS" };
}
