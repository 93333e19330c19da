import { type ActionClient, AppError, pick, shaped } from "@tenon/connector";
import * as z from "zod";
import { dataSourceProperties } from "../data-sources/data-source-shape.ts";
import { readDataSource } from "../data-sources/data-source.ts";
import { ItemPage, ItemWithPage, readItemPage, toItemWithPage } from "../data-sources/item.ts";
import { createLookups } from "../data-sources/lookups.ts";
import { loosePageProperties, type PropertySchemas } from "../data-sources/property-schema.ts";
import { toPropertyValues } from "../data-sources/property-values.ts";

import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { dataSources, pages } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

export const updateDataSourceItem = notionAction({
  id: "update-data-source-item",
  intent: "NOTION_UPDATE_DATA_SOURCE_ITEM",
  title: "Update Data Source Item",
  summary: "Changes properties and looks of an item. What is left out stays as it is.",
  effect: "write",
  repeatable: true,
  input: z.object({
    item: pick(pages, "Item", "The id or address of the item's page."),
    dataSource: pick(
      dataSources,
      "Data source",
      "Shows its properties below. Without it, it is found from the item.",
    ).optional(),
    properties: shaped(
      dataSourceProperties,
      "Properties",
      "Plain values by name; null empties a property.",
    ).default({}),
    ...looksFields,
  }),
  output: resultOf(ItemWithPage),

  async run({ client, input }) {
    const id = requireId(input.item, "page");
    const values = input.properties;
    const changes = {
      ...(Object.keys(values).length > 0 && {
        properties: await toPropertyValues(
          await readProperties(client, input),
          values,
          createLookups(client),
        ),
      }),
      ...toLooks(input),
    };
    if (Object.keys(changes).length === 0) {
      throw new AppError("invalid_input", 400, "Nothing to change: fill in at least one field.");
    }
    const page = await client.request("PATCH", `/v1/pages/${id}`, {
      body: changes,
      returns: ItemPage,
    });
    return { result: toItemWithPage(page) };
  },
});

async function readProperties(
  client: ActionClient,
  { item, dataSource }: { item: string; dataSource?: string | undefined },
): Promise<PropertySchemas> {
  if (dataSource !== undefined) return (await readDataSource(client, dataSource)).properties;
  const { parent } = await readItemPage(client, item);
  if (parent?.data_source_id === undefined) return loosePageProperties;
  return (await readDataSource(client, parent.data_source_id)).properties;
}
