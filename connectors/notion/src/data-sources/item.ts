import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { Page } from "../schemas.ts";
import { fromPropertyValues, PropertyValues } from "./plain-values.ts";

/** A page with the properties of its data source. */
export const ItemPage = Page.extend({ properties: PropertyValues });
export type ItemPage = z.output<typeof ItemPage>;

/** An item of a data source with its properties as plain values. */
export const Item = z.object({
  id: z.string().meta({ title: "Id" }),
  url: z.string().optional().meta({ title: "Address" }),
  createdTime: z.string().optional().meta({ title: "Created" }),
  lastEditedTime: z.string().optional().meta({ title: "Last edited" }),
  inTrash: z.boolean().meta({ title: "In the trash" }),
  properties: z.record(z.string(), z.unknown()).meta({
    title: "Properties",
    description: "Plain values by name: texts, numbers, names of options, ids of related pages.",
  }),
});
export type Item = z.output<typeof Item>;

export function toItem(page: ItemPage): Item {
  return {
    id: page.id,
    url: page.url,
    createdTime: page.created_time,
    lastEditedTime: page.last_edited_time,
    inTrash: page.in_trash ?? false,
    properties: fromPropertyValues(page.properties),
  };
}

/** An item and the page that Notion shows of it. */
export const ItemWithPage = Item.extend({
  page: ItemPage.meta({ title: "Page", description: "The page as Notion shows it." }),
});

export function toItemWithPage(page: ItemPage): z.output<typeof ItemWithPage> {
  return { ...toItem(page), page };
}

export function readItemPage(client: ActionClient, given: string): Promise<ItemPage> {
  const id = requireId(given, "page");
  return client.request("GET", `/v1/pages/${id}`, { returns: ItemPage });
}
