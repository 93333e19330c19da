import * as z from "zod";

/** JSON Schema of a connector's schema, with titles, descriptions and `ui` hints. */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" });
}
