import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { HomeField, readHome, toParent } from "../pages/home.ts";
import { pages } from "../pickers.ts";
import { Page, resultOf } from "../schemas.ts";

export const movePage = notionAction({
  id: "move-page",
  intent: "NOTION_MOVE_PAGE",
  title: "Move Page",
  summary:
    "Moves a page, with all below it, into another page or data source. Of its properties only those of the new data source stay.",
  effect: "write",
  repeatable: true,
  input: z.object({
    pageId: pick(pages, "Page", "The id of the page, or its link."),
    parent: HomeField.meta({
      title: "New parent",
      description: "The page or data source it goes into: an id, a link, or Notion's object.",
      ui: { picker: "parents" },
    }),
  }),
  output: resultOf(Page),

  async run({ input, client }) {
    const pageId = requireId(input.pageId, "page");
    const home = await readHome(client, input.parent);
    if (home.kind === "workspace") {
      throw new AppError("invalid_input", 400, "A page is moved to a page or data source only.");
    }
    const body = { parent: toParent(home) };
    return {
      result: await client.request("POST", `/v1/pages/${pageId}/move`, { body, returns: Page }),
    };
  },
});
