import * as z from "zod";
import { parseId } from "../ids.ts";
import { mostItems, RichText, type RichTextItem, splitRichText, toRichText } from "../rich-text.ts";
import { parseDateValue } from "./date-value.ts";
import { toFileItems } from "./file-items.ts";
import type { Lookups } from "./lookups.ts";
import { toList, toOption, toOptions } from "./option-value.ts";
import { parseTruth } from "./parse-truth.ts";
import { propertyFault } from "./property-fault.ts";
import type { PropertySchema } from "./property-schema.ts";

/** The property a value is for, and what it takes to find what the value names. */
export interface WritePlace {
  schema: PropertySchema;
  lookups: Lookups;
}

/** Makes what Notion takes under the key of a property's type. */
type Writer = (value: unknown, place: WritePlace) => unknown;

/** Every type of property that the API writes. */
export const propertyWriters: Readonly<Record<string, Writer>> = {
  title: toTexts,
  rich_text: toTexts,
  number: orNull(toNumber),
  checkbox: toCheckbox,
  url: orNull(line(2_000, "a web address")),
  email: orNull(line(200, "an e-mail address")),
  phone_number: orNull(line(200, "a phone number")),
  select: orNull((value, { schema }) => toOption(schema, value)),
  status: orNull((value, { schema }) => toOption(schema, value)),
  multi_select: orNone((value, { schema }) => toOptions(schema, value)),
  date: orNull(toDate),
  people: orNone(toPeople),
  relation: orNone(toRelation),
  files: orNone((value, { schema }) => toFileItems(schema, value)),
  place: orNull(toPlace),
  verification: toVerification,
};

function isBlank(value: unknown): boolean {
  return value === null || (typeof value === "string" && value.trim() === "");
}

function orNull(write: Writer): Writer {
  return (value, place) => (isBlank(value) ? null : write(value, place));
}

function orNone(write: Writer): Writer {
  return (value, place) => (isBlank(value) ? [] : write(value, place));
}

function toTexts(value: unknown, { schema }: WritePlace): unknown {
  if (isBlank(value)) return [];
  const items = readTexts(value);
  if (!items) {
    throw propertyFault(schema, value, "write a text, or a list of Notion's rich text items.");
  }
  if (items.length <= mostItems) return items;
  const advice = `it is longer than the ${mostItems} pieces of 2,000 letters that Notion takes.`;
  throw propertyFault(schema, value, advice);
}

function readTexts(value: unknown): RichTextItem[] | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return toRichText(String(value));
  }
  const { data } = RichText.safeParse(value);
  const isRich = data?.every(({ text, mention, equation }) => text ?? mention ?? equation);
  return data && isRich ? splitRichText(data) : undefined;
}

function toNumber(value: unknown, { schema }: WritePlace): number {
  const number = typeof value === "string" ? Number(value.trim()) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw propertyFault(schema, value, "write a number such as 12.5.");
}

function toCheckbox(value: unknown, { schema }: WritePlace): boolean {
  const truth = parseTruth(value);
  if (truth !== undefined) return truth;
  throw propertyFault(schema, value, "write true or false.");
}

function line(longest: number, what: string): Writer {
  return (value, { schema }) => {
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string") throw propertyFault(schema, value, `write ${what}.`);
    if (text.length <= longest) return text.trim();
    throw propertyFault(schema, value, `it takes at most ${longest} letters.`);
  };
}

function toDate(value: unknown, { schema }: WritePlace): unknown {
  const date = parseDateValue(value);
  if (date) return date;
  throw propertyFault(
    schema,
    value,
    "write an ISO 8601 date such as 2026-03-01 or 2026-03-01T09:30:00Z, or a span as start/end.",
  );
}

async function toPeople(value: unknown, { schema, lookups }: WritePlace): Promise<unknown> {
  const people: { id: string }[] = [];
  for (const one of inLimit(schema, value)) {
    people.push({ id: await lookups.personId(one, schema) });
  }
  return people;
}

const WithId = z.looseObject({ id: z.string() });

function toRelation(value: unknown, { schema }: WritePlace): unknown {
  return inLimit(schema, value).map((one) => {
    const id = parseId(WithId.safeParse(one).data?.id ?? one);
    if (id !== undefined) return { id };
    throw propertyFault(schema, one, "write the id or the address of a page.");
  });
}

/** The items of a list, of which Notion takes 100 in one request. */
function inLimit(schema: PropertySchema, value: unknown): unknown[] {
  const items = toList(value);
  if (items.length <= mostItems) return items;
  throw propertyFault(schema, value, `it takes at most ${mostItems} items.`);
}

const degrees = z.union([z.number(), z.string().trim().min(1).transform(Number)]);
const Place = z.object({
  lat: degrees.pipe(z.number().min(-90).max(90)),
  lon: degrees.pipe(z.number().min(-180).max(180)),
  name: z.string().nullish(),
  address: z.string().nullish(),
  aws_place_id: z.string().nullish(),
  google_place_id: z.string().nullish(),
});

function toPlace(value: unknown, { schema }: WritePlace): unknown {
  const [lat, lon, ...rest] = typeof value === "string" ? value.split(",") : [];
  const given = typeof value === "string" && rest.length === 0 ? { lat, lon } : value;
  const { data } = Place.safeParse(given);
  if (data) return data;
  throw propertyFault(schema, value, 'write {"lat": 48.1, "lon": 11.6, "name": "Office"}.');
}

const Verification = z.union([
  z.object({ state: z.literal("verified"), date: z.unknown().optional() }),
  z.object({ state: z.literal("unverified") }),
]);

function toVerification(value: unknown, { schema }: WritePlace): unknown {
  const truth = parseTruth(value);
  const state = truth === undefined ? value : truth ? "verified" : "unverified";
  const { data } = Verification.safeParse(typeof state === "string" ? { state } : state);
  if (!data) throw propertyFault(schema, value, 'write "verified" or "unverified".');
  if (data.state === "unverified" || !data.date) return { state: data.state };
  const date = parseDateValue(data.date);
  if (date) return { state: data.state, date };
  throw propertyFault(schema, value, "its date is not an ISO 8601 date.");
}
