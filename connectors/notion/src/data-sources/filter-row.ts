import * as z from "zod";
import { comparisons, conditions } from "./filter-conditions.ts";
import type { Lookups } from "./lookups.ts";
import type { PropertySchemas } from "./property-schema.ts";

/** One row of the filter in the form. */
export const FilterRow = z.object({
  property: z
    .string()
    .trim()
    .min(1)
    .meta({
      title: "Property",
      description: "By name or id; also created_time and last_edited_time of the page itself.",
      ui: { picker: "properties" },
    }),
  condition: z.enum(conditions).meta({ title: "Condition" }),
  value: z.json().optional().meta({
    title: "Value",
    description: "Left empty for conditions that say all, such as is_empty or past_week.",
  }),
  compareAs: z.enum(comparisons).optional().meta({
    title: "Compare as",
    description: "What a formula or rollup comes to, where condition and value do not tell.",
  }),
  quantifier: z.enum(["any", "every", "none"]).optional().meta({
    title: "Of the related values",
    description: "For a rollup that shows values of several pages; any by default.",
  }),
});
export type FilterRow = z.output<typeof FilterRow>;

/** What a filter is checked against. */
export interface FilterPlace {
  properties: PropertySchemas;
  lookups: Lookups;
}
