import { AppError } from "@tenon/connector";
import * as z from "zod";

const PropertyOption = z.looseObject({ id: z.string(), name: z.string() });
export type PropertyOption = z.output<typeof PropertyOption>;

const choices = z.looseObject({ options: z.array(PropertyOption) }).optional();

/** One property of a data source as Notion describes it. Types we do not know pass through. */
export const PropertySchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  description: z.string().nullish(),
  select: choices,
  multi_select: choices,
  status: choices,
  relation: z.looseObject({ data_source_id: z.string().optional() }).optional(),
  rollup: z
    .looseObject({
      function: z.string(),
      relation_property_name: z.string(),
      rollup_property_name: z.string(),
    })
    .optional(),
});
export type PropertySchema = z.output<typeof PropertySchema>;

/** The properties of a data source, by name. */
export const PropertySchemas = z.record(z.string(), PropertySchema);
export type PropertySchemas = z.output<typeof PropertySchemas>;

/** All that a page outside of data sources has. */
export const loosePageProperties: PropertySchemas = {
  title: { id: "title", name: "title", type: "title" },
};

/** The options that a select, multi-select or status property offers. */
export function optionsOf(schema: PropertySchema): readonly PropertyOption[] {
  return (schema.select ?? schema.multi_select ?? schema.status)?.options ?? [];
}

/**
 * A property by its name or by its id, encoded or not. A name in other letter case counts where
 * only one property has it.
 */
export function findProperty(
  properties: PropertySchemas,
  nameOrId: string,
): PropertySchema | undefined {
  const all = Object.values(properties);
  const wanted = nameOrId.trim().toLowerCase();
  const alike = all.filter(({ name }) => name.trim().toLowerCase() === wanted);
  return (
    all.find(({ name }) => name === nameOrId) ??
    all.find(({ id }) => id === nameOrId || decodeId(id) === nameOrId) ??
    (alike.length === 1 ? alike[0] : undefined)
  );
}

/** A property by name or id; the error names those that are there. */
export function requireProperty(properties: PropertySchemas, nameOrId: string): PropertySchema {
  const found = findProperty(properties, nameOrId);
  if (found) return found;
  const known = Object.values(properties).map(({ name, type }) => `${name} (${type})`);
  throw new AppError(
    "invalid_input",
    400,
    `There is no property "${nameOrId}". The properties are: ${known.join(", ")}.`,
    { details: { property: nameOrId } },
  );
}

/** Ids are percent-encoded in answers; one that is not valid encoding is meant as it stands. */
export function decodeId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
