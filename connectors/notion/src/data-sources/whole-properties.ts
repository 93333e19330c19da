import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { readAll } from "../read-all.ts";
import type { ItemPage } from "./item.ts";
import type { PropertyValues } from "./plain-values.ts";

/** A page shows so many references of a property; the rest has to be asked for. */
const mostShown = 25;
const listedTypes: ReadonlySet<string> = new Set(["title", "rich_text", "people", "relation"]);

/** A page with all that its properties hold, where Notion shows only the beginning of some. */
export async function readWholeProperties(client: ActionClient, page: ItemPage): Promise<ItemPage> {
  const properties: PropertyValues = {};
  for (const [name, value] of Object.entries(page.properties)) {
    properties[name] = isCut(value) ? await readWhole(client, page.id, value) : value;
  }
  return { ...page, properties };
}

type PropertyValue = PropertyValues[string];

const Mentions = z.array(z.looseObject({ type: z.string().optional() }));

function isCut(value: PropertyValue): boolean {
  if (!listedTypes.has(value.type)) return false;
  const items = Mentions.safeParse(value[value.type]).data ?? [];
  const isText = value.type === "title" || value.type === "rich_text";
  // Of a text only its mentions are counted.
  const references = isText ? items.filter(({ type }) => type === "mention") : items;
  return value["has_more"] === true || references.length >= mostShown;
}

const PropertyItem = z.looseObject({ type: z.string() });

async function readWhole(
  client: ActionClient,
  pageId: string,
  value: PropertyValue,
): Promise<PropertyValue> {
  const { items } = await readAll(client, {
    // Notion gives ids that are fit for an address.
    path: `/v1/pages/${pageId}/properties/${value.id}`,
    item: PropertyItem,
  });
  const whole = items.map((item) => item[value.type]);
  const { has_more: hasMore, ...rest } = value;
  return { ...rest, [value.type]: whole, ...(hasMore !== undefined && { has_more: false }) };
}
