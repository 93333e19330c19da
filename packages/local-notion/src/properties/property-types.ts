import { presentFile, presentRichText, uploadName } from "../rich-text/present-rich-text.ts";
import { date, limits, richText } from "../rich-text/rich-text-schema.ts";
import type { DateValue, FileSource, RichText } from "../rich-text/rich-text.ts";
import { toDateValue, toFileSource, toRichText } from "../rich-text/store-rich-text.ts";
import { presentUser } from "../api/present-user.ts";
import { toMinute } from "../clock.ts";
import { toDashed } from "../ids.ts";
import { array, looseObject, union } from "../validate/composites.ts";
import { boolean, id, literal, nullable, number, optional, string } from "../validate/scalars.ts";
import {
  optionRequest,
  storeMultiSelect,
  storeSelect,
  storeStatus,
  presentOption,
} from "./options.ts";
import { propertyType, type PropertyType } from "./property-type.ts";
import { presentRelation, storeRelation } from "./relation.ts";

const texts = propertyType({
  request: richText,
  initial: [] as RichText[],
  store: toRichText,
  present: (stored, { view }) => presentRichText(stored, view),
  isPaged: true,
});

function line(max: number): PropertyType {
  const request = nullable(string({ min: 1, max }));
  return propertyType({ request, initial: null as string | null, store: (value) => value });
}

const fileName = string({ max: 900 });
const file = union(
  looseObject({
    type: optional(literal("external")),
    name: fileName,
    external: looseObject({ url: string({ max: limits.url }) }),
  }),
  looseObject({
    type: optional(literal("file_upload")),
    name: optional(fileName),
    file_upload: looseObject({ id: id() }),
  }),
  looseObject({
    type: optional(literal("file")),
    name: fileName,
    file: looseObject({ url: string() }),
  }),
);

interface NamedFile {
  name: string;
  source: FileSource;
}

const place = looseObject({
  lat: number(),
  lon: number(),
  name: optional(nullable(string())),
  address: optional(nullable(string())),
  aws_place_id: optional(nullable(string())),
  google_place_id: optional(nullable(string())),
});

const verification = union(
  looseObject({ state: literal("verified"), date: optional(nullable(date)) }),
  looseObject({ state: literal("unverified") }),
);

interface Verification {
  state: "verified" | "unverified";
  date: DateValue | null;
  by: string | null;
}

const unverified: Verification = { state: "unverified", date: null, by: null };

/** Every kind of property a data source may have. */
export const propertyTypes: Readonly<Record<string, PropertyType>> = {
  title: texts,
  rich_text: texts,
  number: propertyType({ request: nullable(number()), initial: null as number | null }),
  checkbox: propertyType({ request: boolean(), initial: false }),
  url: line(limits.url),
  email: line(200),
  phone_number: line(200),
  select: propertyType({
    request: nullable(optionRequest),
    initial: null as string | null,
    store: storeSelect,
    present: presentOption,
  }),
  status: propertyType({
    request: nullable(optionRequest),
    initial: null as string | null,
    store: storeStatus,
    present: presentOption,
  }),
  multi_select: propertyType({
    request: array(optionRequest, { max: 100 }),
    initial: [] as string[],
    store: storeMultiSelect,
    present: (stored, at) => stored.map((option) => presentOption(option, at)).filter(Boolean),
  }),
  date: propertyType({
    request: nullable(date),
    initial: null as DateValue | null,
    store: (request) => (request ? toDateValue(request) : null),
  }),
  people: propertyType({
    request: array(looseObject({ id: id() }), { max: 100 }),
    initial: [] as string[],
    store: (request) => request.map((user) => toDashed(user.id)),
    present: (stored, { view }) => stored.map((user) => presentUser(user, view)),
    isPaged: true,
  }),
  files: propertyType({
    request: array(file, { max: 100 }),
    initial: [] as NamedFile[],
    store: (request) => request.map((one) => ({ name: one.name ?? "", source: toFileSource(one) })),
    present: (stored, { view }) =>
      stored.map(({ name, source }) => ({
        name: name || uploadName(source, view),
        ...presentFile(source, view),
      })),
  }),
  place: propertyType({
    request: nullable(place),
    initial: null as object | null,
    store: (request) =>
      request && {
        lat: request.lat,
        lon: request.lon,
        name: request.name ?? null,
        address: request.address ?? null,
        aws_place_id: request.aws_place_id ?? null,
        google_place_id: request.google_place_id ?? null,
      },
  }),
  verification: propertyType({
    request: verification,
    initial: unverified,
    store: (request, { view }) =>
      request.state === "verified"
        ? {
            state: request.state,
            date: request.date ? toDateValue(request.date) : null,
            by: view.connection.id,
          }
        : { state: request.state, date: null, by: null },
    present: (stored, { view }) => ({
      state: stored.state,
      date: stored.date,
      verified_by: stored.by === null ? null : presentUser(stored.by, view),
    }),
  }),
  unique_id: propertyType({
    initial: null as number | null,
    present: (stored, { column }) => ({ prefix: column.config["prefix"] ?? null, number: stored }),
  }),
  created_time: propertyType({
    initial: null,
    present: (_, { page }) => toMinute(page.createdTime),
  }),
  last_edited_time: propertyType({
    initial: null,
    present: (_, { page }) => toMinute(page.editedTime),
  }),
  created_by: propertyType({
    initial: null,
    present: (_, { page, view }) => presentUser(page.createdBy, view),
  }),
  last_edited_by: propertyType({
    initial: null,
    present: (_, { page, view }) => presentUser(page.editedBy, view),
  }),
  relation: propertyType({
    request: array(looseObject({ id: id() }), { max: 100 }),
    initial: [] as string[],
    store: storeRelation,
    present: presentRelation,
    isPaged: true,
  }),
  // Computed from other values whenever they are read: nothing of them is stored.
  formula: propertyType({ initial: null }),
  rollup: propertyType({ initial: null }),
  button: propertyType({ initial: null, present: () => ({}) }),
};
