import * as z from "zod";
import { plainText, RichText } from "../rich-text.ts";
import { showDateValue } from "./date-value.ts";

const Texts = RichText.transform(plainText);
const Option = z.looseObject({ name: z.string() }).transform(({ name }) => name);
const DateOrNull = z
  .object({ start: z.string(), end: z.string().nullish() })
  .transform(showDateValue)
  .nullable();
const Person = z
  .looseObject({
    id: z.string(),
    name: z.string().nullish(),
    person: z.looseObject({ email: z.string().optional() }).optional(),
  })
  .transform(({ id, name, person }) => ({
    id,
    name: name ?? null,
    ...(person?.email !== undefined && { email: person.email }),
  }));
const File = z.union([
  z
    .looseObject({ name: z.string(), external: z.looseObject({ url: z.string() }) })
    .transform((file) => ({ name: file.name, url: file.external.url })),
  z
    .looseObject({
      name: z.string(),
      file: z.looseObject({ url: z.string(), expiry_time: z.string() }),
    })
    .transform(({ name, file }) => ({ name, url: file.url, expiresAt: file.expiry_time })),
]);
const asItIs = z.unknown();

/** What is under the key of each type, as a plain value. */
const readers: Readonly<Record<string, z.ZodType>> = {
  title: Texts,
  rich_text: Texts,
  select: Option.nullable(),
  status: Option.nullable(),
  multi_select: z.array(Option),
  date: DateOrNull,
  people: z.array(Person),
  created_by: Person,
  last_edited_by: Person,
  files: z.array(File),
  relation: z.array(z.looseObject({ id: z.string() }).transform(({ id }) => id)),
  formula: typed(),
  rollup: typed(),
  array: z.array(typed()),
  unique_id: z
    .looseObject({ prefix: z.string().nullish(), number: z.number().nullable() })
    .transform(({ prefix, number }) =>
      number === null ? null : prefix ? `${prefix}-${number}` : String(number),
    ),
  verification: z.looseObject({ state: z.string() }).transform(({ state }) => state),
  button: z.unknown().transform(() => null),
};

/** Anything that tells its own type: a property's value, a formula's result, an item of a rollup. */
function typed(): z.ZodType {
  return z.looseObject({ type: z.string() }).transform((value) => fromPropertyValue(value));
}

/**
 * The value of a property as a plain value, which {@link toPropertyValue} takes back where the
 * property can be written. A form we do not know is given as it came.
 */
export function fromPropertyValue(value: { type: string } & Record<string, unknown>): unknown {
  const given = value[value.type];
  const reader = Object.hasOwn(readers, value.type) ? readers[value.type] : undefined;
  const read = (reader ?? asItIs).safeParse(given);
  return read.success ? read.data : given;
}

/** A page's properties as Notion shows them, whatever their type. */
export const PropertyValues = z.record(
  z.string(),
  z.looseObject({ id: z.string(), type: z.string() }),
);
export type PropertyValues = z.output<typeof PropertyValues>;

/** All of a page's properties as plain values, by name. */
export function fromPropertyValues(properties: PropertyValues): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, fromPropertyValue(value)]),
  );
}
