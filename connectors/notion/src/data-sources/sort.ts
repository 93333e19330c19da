import * as z from "zod";
import { findProperty, type PropertySchemas, requireProperty } from "./property-schema.ts";

/** One row of the order in the form. */
export const Sort = z.object({
  property: z
    .string()
    .trim()
    .min(1)
    .meta({
      title: "Property",
      description: "By name or id; also created_time and last_edited_time of the page itself.",
      ui: { picker: "properties" },
    }),
  direction: z.enum(["ascending", "descending"]).default("ascending").meta({ title: "Direction" }),
});
export type Sort = z.output<typeof Sort>;

/** One sort of a query as Notion takes it. */
export type NotionSort = { direction: Sort["direction"] } & (
  | { property: string }
  | { timestamp: string }
);

/** The sorts of a query as Notion takes them, checked against the data source's properties. */
export function toSorts(sorts: readonly Sort[], properties: PropertySchemas): NotionSort[] {
  return sorts.map(({ property, direction }) => {
    const schema = findProperty(properties, property);
    const isTimestamp = property === "created_time" || property === "last_edited_time";
    if (!schema && isTimestamp) return { timestamp: property, direction };
    return { property: (schema ?? requireProperty(properties, property)).name, direction };
  });
}
