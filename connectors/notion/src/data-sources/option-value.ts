import * as z from "zod";
import { propertyFault } from "./property-fault.ts";
import { optionsOf, type PropertyOption, type PropertySchema } from "./property-schema.ts";

const Named = z.union([
  z.object({ id: z.string().min(1), name: z.string().optional() }),
  z.object({ name: z.string().min(1), color: z.string().optional() }),
]);
type Named = z.output<typeof Named>;

const longestName = 100;
const mostOptions = 100;

/**
 * One choice of a select, multi-select or status property, by name or id. Notion makes an option of
 * a name that a select does not have yet, and refuses one that a status does not have.
 */
export function toOption(schema: PropertySchema, value: unknown): Named {
  const known = findOption(schema, value);
  if (known) return { name: known.name };
  const named = typeof value === "object" ? Named.safeParse(value).data : undefined;
  const given = typeof value === "string" ? { name: value.trim() } : named;
  if (!given || ("name" in given && given.name === "")) {
    throw propertyFault(schema, value, "write the name of an option.");
  }
  if ("id" in given || schema.type === "status") throw unknownOption(schema, value);
  if (given.name.includes(",")) {
    throw propertyFault(schema, value, "the name of an option has no comma.");
  }
  if (given.name.length > longestName) {
    throw propertyFault(schema, value, `the name of an option has at most ${longestName} letters.`);
  }
  return given;
}

/** The choices of a multi-select: a list, or one text with commas between the names. */
export function toOptions(schema: PropertySchema, value: unknown): Named[] {
  const names = toList(value).map((one) => toOption(schema, one));
  const distinct = [...new Map(names.map((one) => [JSON.stringify(one), one])).values()];
  if (distinct.length <= mostOptions) return distinct;
  throw propertyFault(schema, value, `it takes at most ${mostOptions} options.`);
}

/** The option a value names, in any letter case where no other is spelled the same. */
export function findOption(schema: PropertySchema, value: unknown): PropertyOption | undefined {
  const options = optionsOf(schema);
  if (typeof value === "object" && value !== null) {
    const { data } = Named.safeParse(value);
    if (!data) return undefined;
    return "id" in data ? options.find(({ id }) => id === data.id) : findOption(schema, data.name);
  }
  if (typeof value !== "string") return undefined;
  const wanted = value.trim();
  const alike = options.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  return (
    options.find(({ name }) => name === wanted) ??
    options.find(({ id }) => id === wanted) ??
    (alike.length === 1 ? alike[0] : undefined)
  );
}

/** The error of an option that is not there; it names those that are. */
export function unknownOption(schema: PropertySchema, value: unknown) {
  const names = optionsOf(schema).map(({ name }) => name);
  const offered = names.length > 0 ? `its options are ${names.join(", ")}.` : "it has no options.";
  return propertyFault(schema, value, offered);
}

/** A list as it is; a text as the parts between its commas; anything else as its only item. */
export function toList(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") return [value];
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
