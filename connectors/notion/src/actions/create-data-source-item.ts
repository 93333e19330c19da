import { pick, shaped } from "@tenon/connector";
import * as z from "zod";
import { dataSourceProperties } from "../data-sources/data-source-shape.ts";
import { readDataSource } from "../data-sources/data-source.ts";
import { ItemWithPage, toItemWithPage } from "../data-sources/item.ts";
import { createLookups } from "../data-sources/lookups.ts";
import { toPropertyValues } from "../data-sources/property-values.ts";
import { notionAction } from "../notion-action.ts";
import { makePage } from "../pages/make-page.ts";
import { contentFields, readContent } from "../pages/page-content.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { dataSources } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

export const createDataSourceItem = notionAction({
  id: "create-data-source-item",
  intent: "NOTION_CREATE_DATA_SOURCE_ITEM",
  title: "Create Data Source Item",
  summary: "Adds an item to a data source, with properties and content.",
  effect: "write",
  input: z.object({
    dataSource: pick(dataSources, "Data source", "A database with one data source will do too."),
    properties: shaped(
      dataSourceProperties,
      "Properties",
      "Plain values by name; Notion's own form is taken too.",
    ).default({}),
    ...contentFields,
    ...looksFields,
  }),
  output: resultOf(ItemWithPage),

  async run({ client, once, input }) {
    const content = readContent(input);
    const { id, properties } = await readDataSource(client, input.dataSource);
    const page = await makePage(
      { client, once },
      {
        home: { kind: "data_source", id, properties },
        properties: await toPropertyValues(properties, input.properties, createLookups(client)),
        looks: toLooks(input),
        ...content,
      },
    );
    return { result: toItemWithPage({ ...page, properties: page.properties ?? {} }) };
  },
});
