import * as z from "zod";

/** A text that holds JSON of the given schema, such as a query parameter or a variable. */
export function jsonText<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .max(10_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: "custom", message: "must be JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
