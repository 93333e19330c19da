import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { Page } from "../schemas.ts";
import { dataSourceScope, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

export const pageUpdated = defineTrigger({
  id: "page-updated",
  intent: "NOTION_PAGE_UPDATED",
  title: "Page Updated",
  summary:
    "Starts when a page's properties, icon, cover or content change, when it is moved, locked or unlocked. That it is made, put into the trash or restored counts for other triggers.",
  input: z.object(pageFilter),
  output: changeOf(Page),
  object: "page",
  on: ["properties", "content", "moved", "locked"],
  sample: {
    result: samplePage,
    event: sampleChange(["properties"], {
      properties: [{ id: "kX%3Fw", name: "Status" }],
    }),
  },
  scope: dataSourceScope,
  matches: isAsked,
});
