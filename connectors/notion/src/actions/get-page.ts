import { pick } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { Page, resultOf } from "../schemas.ts";

export const getPage = notionAction({
  id: "get-page",
  intent: "NOTION_GET_PAGE_BY_ID",
  title: "Get a Page",
  summary: "Reads a page's properties, icon, cover and place, without its content.",
  effect: "read",
  input: z.object({
    pageId: pick(pages, "Page", "The id of the page, or its link."),
    properties: z.array(z.string().min(1)).optional().meta({
      title: "Only these properties",
      description: "Ids or names of properties; all without it.",
    }),
  }),
  output: resultOf(Page),

  async run({ input, client }) {
    const path = `/v1/pages/${requireId(input.pageId, "page")}`;
    const query = { filter_properties: input.properties };
    return { result: await client.request("GET", path, { query, returns: Page }) };
  },
});
