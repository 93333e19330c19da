import { pick } from "@tenon/connector";
import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { setInTrash } from "../pages/set-in-trash.ts";
import { pages } from "../pickers.ts";
import { Page, resultOf } from "../schemas.ts";

export const archivePage = notionAction({
  id: "archive-page",
  intent: "NOTION_ARCHIVE_PAGE",
  title: "Archive a Page",
  summary: "Moves a page, with all below it, to the trash. Restore Page brings it back.",
  effect: "destroy",
  input: z.object({ pageId: pick(pages, "Page", "The id of the page, or its link.") }),
  output: resultOf(Page),

  async run({ input, client }) {
    return { result: await setInTrash(client, input.pageId, true) };
  },
});
