import * as z from "zod";
import { ItemWithPage, readItemPage, toItemWithPage } from "../data-sources/item.ts";
import { readWholeProperties } from "../data-sources/whole-properties.ts";
import { notionAction } from "../notion-action.ts";
import { pick } from "@tenon/connector";
import { pages } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

export const getDataSourceItem = notionAction({
  id: "get-data-source-item",
  intent: "NOTION_GET_DATA_SOURCE_ITEM_BY_ID",
  title: "Get Data Source Item",
  summary: "Reads an item of a data source, with its properties as plain values.",
  effect: "read",
  input: z.object({ item: pick(pages, "Item", "The id or address of the item's page.") }),
  output: resultOf(ItemWithPage),

  async run({ client, input }) {
    const page = await readItemPage(client, input.item);
    return { result: toItemWithPage(await readWholeProperties(client, page)) };
  },
});
