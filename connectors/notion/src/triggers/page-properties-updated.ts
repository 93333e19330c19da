import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { properties } from "../data-sources/property-picker.ts";
import { Page } from "../schemas.ts";
import { dataSourceScope, hasChanged, isAsked, pageFilter } from "./page-filter.ts";
import { sampleChange, samplePage } from "./sample.ts";

const propertyName = z.string().trim().min(1);

export const pagePropertiesUpdated = defineTrigger({
  id: "page-properties-updated",
  intent: "NOTION_PAGE_PROPERTIES_UPDATED",
  title: "Page Properties Updated",
  summary:
    "Starts when a page's properties, icon or cover are edited. What Notion computes, such as formulas and rollups, does not count.",
  input: z.object({
    ...pageFilter,
    properties: z
      .union([propertyName, z.array(propertyName)])
      .optional()
      .meta({
        title: "Only these properties",
        description: "One or several names or ids, of which one has to change; any without it.",
        ui: { picker: properties.id, widget: "multi-select" },
      }),
  }),
  output: changeOf(Page),
  object: "page",
  on: ["properties"],
  sample: {
    result: samplePage,
    event: sampleChange(["properties"], { properties: [{ id: "kX%3Fw", name: "Status" }] }),
  },
  scope: dataSourceScope,
  matches: async (ask) => hasChanged(ask.input.properties, ask) && isAsked(ask),
});
