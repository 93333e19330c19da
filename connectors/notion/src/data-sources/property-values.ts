import { AppError } from "@tenon/connector";
import { type Lookups } from "./lookups.ts";
import { propertyFault } from "./property-fault.ts";
import { type PropertySchema, type PropertySchemas, requireProperty } from "./property-schema.ts";
import { propertyWriters } from "./property-writers.ts";

/** Why a property cannot be written, by its type. */
const readOnly: Readonly<Record<string, string>> = {
  formula: "Notion computes it. Leave it out.",
  rollup: "Notion computes it from related pages. Leave it out.",
  created_time: "Notion sets it. Leave it out.",
  created_by: "Notion sets it. Leave it out.",
  last_edited_time: "Notion sets it. Leave it out.",
  last_edited_by: "Notion sets it. Leave it out.",
  last_visited_time: "Notion sets it. Leave it out.",
  unique_id: "Notion numbers the pages itself. Leave it out.",
  button: "a button has no value. Leave it out.",
};

/** Whether the API can write values of a property. */
export function isWritable({ type }: PropertySchema): boolean {
  return Object.hasOwn(propertyWriters, type);
}

/**
 * A plain value as Notion takes it for a property, under the key of the property's type. Notion's
 * own form is taken too. Null and the empty text clear the property.
 *
 * @throws AppError `invalid_input` that names the property, its type and the value.
 */
export async function toPropertyValue(
  schema: PropertySchema,
  value: unknown,
  lookups: Lookups,
): Promise<Record<string, unknown>> {
  const write = Object.hasOwn(propertyWriters, schema.type)
    ? propertyWriters[schema.type]
    : undefined;
  if (!write) {
    const why = readOnly[schema.type] ?? "this type cannot be written through Notion's API.";
    throw propertyFault(schema, value, why);
  }
  return { [schema.type]: await write(unwrap(schema, value), { schema, lookups }) };
}

/**
 * The `properties` of a request, from plain values by name or id. What is undefined is left out.
 * All faults are told at once.
 */
export async function toPropertyValues(
  properties: PropertySchemas,
  values: Readonly<Record<string, unknown>>,
  lookups: Lookups,
): Promise<Record<string, Record<string, unknown>>> {
  const written: Record<string, Record<string, unknown>> = {};
  const faults: AppError[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue;
    try {
      const schema = requireProperty(properties, key);
      written[schema.name] = await toPropertyValue(schema, value, lookups);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "invalid_input") throw error;
      faults.push(error);
    }
  }
  throwFaults(faults);
  return written;
}

function throwFaults(faults: readonly AppError[]): void {
  const [first] = faults;
  if (!first) return;
  if (faults.length === 1) throw first;
  throw new AppError("invalid_input", 400, faults.map(({ message }) => message).join(" "), {
    details: { faults: faults.map(({ message, details }) => ({ message, ...details })) },
  });
}

/** The value inside Notion's own form, such as `{"number": 5}` of a number property. */
function unwrap({ type }: PropertySchema, value: unknown): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject || !Object.hasOwn(value, type)) return value;
  return Object.entries(value).find(([key]) => key === type)?.[1];
}
