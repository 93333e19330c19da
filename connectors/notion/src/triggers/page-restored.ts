import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const pageRestored = defineTrigger({
  id: "page-restored",
  intent: "NOTION_PAGE_RESTORED",
  title: "Page Restored",
  summary: "Starts when a page is taken out of the trash.",
  input: z.object(pageFilter),
  output: changeOf(Page),
  object: "page",
  on: ["restored"],
  sample: { result: samplePage, event: sampleChange(["restored"]) },
  scope: dataSourceScope,
  matches: isAsked,
});
