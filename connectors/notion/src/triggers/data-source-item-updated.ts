import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, requiredDataSource } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const dataSourceItemUpdated = defineTrigger({
  id: "data-source-item-updated",
  intent: "NOTION_DATA_SOURCE_ITEM_UPDATED",
  title: "Data Source Item Updated",
  summary:
    "Starts when the properties, icon, cover or content of a data source's item change, when it is moved into the data source, locked or unlocked.",
  input: z.object({ dataSource: requiredDataSource }),
  output: changeOf(Page),
  object: "page",
  on: ["properties", "content", "moved", "locked"],
  sample: {
    result: samplePage,
    event: sampleChange(["properties"], { properties: [{ id: "kX%3Fw", name: "Status" }] }),
  },
  scope: dataSourceScope,
  matches: isAsked,
});
