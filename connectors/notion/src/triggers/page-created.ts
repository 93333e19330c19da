import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const pageCreated = defineTrigger({
  id: "page-created",
  intent: "NOTION_PAGE_CREATED",
  title: "Page Created",
  summary:
    "Starts when a page is made, in another page or in a data source. Pages that become visible to the connection later are not new.",
  input: z.object(pageFilter),
  output: changeOf(Page),
  object: "page",
  on: ["created"],
  sample: { result: samplePage, event: sampleChange(["created"]) },
  scope: dataSourceScope,
  matches: isAsked,
});
