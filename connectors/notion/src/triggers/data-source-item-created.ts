import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, requiredDataSource } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const dataSourceItemCreated = defineTrigger({
  id: "data-source-item-created",
  intent: "NOTION_DATA_SOURCE_ITEM_CREATED",
  title: "Data Source Item Created",
  summary:
    "Starts when an item is added to a data source. A page that is moved into it is not new.",
  input: z.object({ dataSource: requiredDataSource }),
  output: changeOf(Page),
  object: "page",
  on: ["created"],
  sample: { result: samplePage, event: sampleChange(["created"]) },
  scope: dataSourceScope,
  matches: isAsked,
});
