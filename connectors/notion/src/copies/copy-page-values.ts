import * as z from "zod";
import { cleanRichText } from "../blocks/clean-content.ts";
import type { PropertySchema } from "../data-sources/property-schema.ts";
import { type Home, propertiesOf } from "../pages/home.ts";
import { readAll } from "../read-all.ts";
import { mostItems, RichText, toRichText } from "../rich-text.ts";
import type { Page } from "../schemas.ts";
import type { Copying } from "./copying.ts";

type Json = Record<string, unknown>;

const Hosted = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({ url: z.string() }),
  name: z.string().optional(),
});

/** The icon and cover of a page's copy. */
export async function copyLooks(copying: Copying, page: Page): Promise<Json> {
  const looks: Json = {};
  for (const name of ["icon", "cover"] as const) {
    const { data: hosted } = Hosted.safeParse(page[name]);
    const copy = hosted
      ? await copying.copyFile({ url: hosted.file.url }, { id: page.id, type: name })
      : page[name];
    if (copy) looks[name] = copy;
  }
  return looks;
}

interface Target {
  home: Home;
  /** In the place of the page's own. */
  title: string | undefined;
}

/** The properties of a page's copy: those that its home has too, under the same name and type. */
export async function copyProperties(
  copying: Copying,
  page: Page,
  { home, title }: Target,
): Promise<Json> {
  const schemas = Object.values(propertiesOf(home));
  const titleName = schemas.find(({ type }) => type === "title")?.name ?? "title";
  const isSameHome = page.parent?.data_source_id === idOf(home);
  const copies: Json = {};
  for (const [name, value] of Object.entries(page.properties ?? {})) {
    const isTitle = value.type === "title";
    const schema = schemas.find((one) => one.name === (isTitle ? titleName : name));
    const place = { page, name, value, schema, isSameHome };
    const copy = isTitle && title !== undefined ? undefined : await copyValue(copying, place);
    if (copy !== undefined) copies[isTitle ? titleName : name] = { [value.type]: copy };
  }
  return title === undefined ? copies : { ...copies, [titleName]: { title: toRichText(title) } };
}

function idOf(home: Home): string | undefined {
  return home.kind === "data_source" ? home.id : undefined;
}

interface Place {
  page: Page;
  name: string;
  value: NonNullable<Page["properties"]>[string];
  schema: PropertySchema | undefined;
  /** Whether original and copy are in the same data source. */
  isSameHome: boolean;
}

/** Notion sets these itself, for the copy as for any page. */
const computed: ReadonlySet<string> = new Set([
  "formula",
  "rollup",
  "created_time",
  "created_by",
  "last_edited_time",
  "last_edited_by",
  "last_visited_time",
  "unique_id",
  "button",
]);

async function copyValue(copying: Copying, place: Place): Promise<unknown> {
  const { name, value, schema, isSameHome } = place;
  const { id, type } = value;
  if (computed.has(type) || isEmpty(value[type])) return undefined;
  // A relation of another data source leads elsewhere, whatever its name.
  const fits = schema?.type === type && (type !== "relation" || isSameHome);
  const copy = fits ? copiers[type] : undefined;
  if (copy) return copy(copying, await readWhole(copying, place), name);
  const reason = fits
    ? `Notion's API does not write properties of the type ${type}.`
    : "The new parent has no such property.";
  copying.notCopied.push({ id, type, name, reason });
  return undefined;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** A page shows so many references of one property; longer values have to be read. */
const mostShown = 25;
const Items = z.array(z.unknown());
const PropertyItem = z.looseObject({ type: z.string() });
const paged: ReadonlySet<string> = new Set(["title", "rich_text", "people", "relation"]);

async function readWhole({ client }: Copying, { page, value }: Place): Promise<unknown> {
  const shown = Items.safeParse(value[value.type]).data;
  if (!shown || !paged.has(value.type) || shown.length < mostShown) return value[value.type];
  // Ids come percent-encoded, and stand so in the path.
  const path = `/v1/pages/${page.id}/properties/${value.id}`;
  const { items } = await readAll(client, { path, item: PropertyItem });
  return items.map((item) => item[item.type]);
}

type Copier = (copying: Copying, value: unknown, name: string) => unknown;

const asItIs: Copier = (_, value) => value;
const Named = z.looseObject({ name: z.string() });
const WithId = z.looseObject({ id: z.string() });
const named: Copier = (_, value) => ({ name: Named.parse(value).name });
const byId: Copier = (copying, value, name) => {
  const all = z.array(WithId).parse(value);
  if (all.length > mostItems) {
    const reason = `Notion takes ${mostItems} in one request: the first of ${all.length} were copied.`;
    copying.notCopied.push({ type: "references", name, reason });
  }
  return all.slice(0, mostItems).map(({ id }) => ({ id }));
};
const text: Copier = (_, value) => cleanRichText(RichText.parse(value));

/** How each type of value that requests take is written from how answers show it. */
const copiers: Readonly<Record<string, Copier>> = {
  title: text,
  rich_text: text,
  number: asItIs,
  checkbox: asItIs,
  url: asItIs,
  email: asItIs,
  phone_number: asItIs,
  date: asItIs,
  place: asItIs,
  select: named,
  status: named,
  multi_select: (_, value) =>
    z
      .array(Named)
      .parse(value)
      .map(({ name }) => ({ name })),
  people: byId,
  relation: byId,
  files: copyFiles,
};

async function copyFiles(copying: Copying, value: unknown, property: string): Promise<Json[]> {
  const copies: Json[] = [];
  for (const file of z.array(z.looseObject({ name: z.string() })).parse(value)) {
    const { data: hosted } = Hosted.safeParse(file);
    const of = { type: "files", name: property };
    const copy = hosted
      ? await copying.copyFile({ url: hosted.file.url, name: file.name }, of)
      : file;
    if (copy) copies.push({ ...copy, name: file.name });
  }
  return copies;
}
