import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const pageMoved = defineTrigger({
  id: "page-moved",
  intent: "NOTION_PAGE_MOVED",
  title: "Page Moved",
  summary:
    "Starts when a page is moved into another page or data source, or to the top of the workspace. What narrows it is asked about its new place.",
  input: z.object(pageFilter),
  output: changeOf(Page),
  object: "page",
  on: ["moved"],
  sample: { result: samplePage, event: sampleChange(["moved"], { parent: samplePage.parent }) },
  scope: dataSourceScope,
  matches: isAsked,
});
