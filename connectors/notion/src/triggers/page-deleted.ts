import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const pageDeleted = defineTrigger({
  id: "page-deleted",
  intent: "NOTION_PAGE_DELETED",
  title: "Page Deleted",
  summary:
    "Starts when a page is put into the trash. Of the pages below it, which go with it, Notion tells nothing.",
  input: z.object(pageFilter),
  output: changeOf(Page),
  object: "page",
  on: ["deleted"],
  sample: { result: { ...samplePage, in_trash: true }, event: sampleChange(["deleted"]) },
  scope: dataSourceScope,
  matches: isAsked,
});
