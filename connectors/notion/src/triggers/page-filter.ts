import { type Picker, pick, type TriggerMatch } from "@tenon/connector";
import * as z from "zod";
import { decodeId } from "../data-sources/property-schema.ts";
import { parseId } from "../ids.ts";
import { dataSources, pages } from "../pickers.ts";
import { Page } from "../schemas.ts";
import { placesAround } from "./places-around.ts";

/** A field for a page or data source, which is refused where what is written there is no id. */
export function place(picker: Picker, title: string, description: string) {
  return pick(picker, title, description).refine((value) => parseId(value) !== undefined, {
    error: "is no id: write the id, or the link that Notion copies for it.",
  });
}

/** What narrows a trigger about pages. */
export const pageFilter = {
  parent: place(
    pages,
    "In this page",
    "The page itself, and pages below it at any depth. All pages without it.",
  ).optional(),
  dataSource: place(
    dataSources,
    "Items of this data source",
    "Only pages that are items of it. A database will do too: then of all its data sources.",
  ).optional(),
};

/** The data source of a trigger about items. */
export const requiredDataSource = place(
  dataSources,
  "Data source",
  "A database will do too: then all its data sources count.",
);

const PageFilter = z.object(pageFilter).partial();
type PageFilter = z.output<typeof PageFilter>;

/** The data source is looked into by itself. */
export function dataSourceScope({ dataSource }: PageFilter): string | undefined {
  return parseId(dataSource);
}

/**
 * Whether a page is among those asked for. Where it lies now counts, also of one that was moved.
 * Throws what Notion answers where that cannot be told.
 */
export async function isAsked({
  input,
  result,
  client,
}: Pick<TriggerMatch<PageFilter>, "input" | "result" | "client">): Promise<boolean> {
  const page = Page.parse(result);
  if (!isItemOf(page, parseId(input.dataSource))) return false;
  const wanted = parseId(input.parent);
  if (wanted === undefined || page.id === wanted) return true;
  for await (const { data_source_id, ...around } of placesAround(client, page.parent)) {
    const ids = [data_source_id, around.page_id, around.block_id, around.database_id];
    if (ids.includes(wanted)) return true;
  }
  return false;
}

function isItemOf({ parent }: Page, wanted: string | undefined): boolean {
  return wanted === undefined || [parent?.data_source_id, parent?.database_id].includes(wanted);
}

const Changed = z.object({ properties: z.array(z.looseObject({ id: z.string() })) });

/** Whether one of the properties changed, each named by its name or id; any will do without them. */
export function hasChanged(
  asked: string | readonly string[] = [],
  { result, details }: Pick<TriggerMatch<unknown>, "result" | "details">,
): boolean {
  const wanted = [asked].flat();
  if (wanted.length === 0) return true;
  const changed = Changed.safeParse(details).data?.properties;
  // Not known of a page that was never seen before: better once too often than never.
  if (changed === undefined) return true;
  const ids = new Set(changed.map(({ id }) => decodeId(id)));
  const { properties = {} } = Page.parse(result);
  return wanted.some((name) => ids.has(decodeId(properties[name]?.id ?? name)));
}
