import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const pageContentUpdated = defineTrigger({
  id: "page-content-updated",
  intent: "NOTION_PAGE_CONTENT_UPDATED",
  title: "Page Content Updated",
  summary:
    "Starts when what is on a page changes: its blocks, and the titles of pages and databases in it.",
  input: z.object(pageFilter),
  output: changeOf(Page),
  object: "page",
  on: ["content"],
  sample: { result: samplePage, event: sampleChange(["content"]) },
  scope: dataSourceScope,
  matches: isAsked,
});
