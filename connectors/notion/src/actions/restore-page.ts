import { pick } from "@tenon/connector";
import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { setInTrash } from "../pages/set-in-trash.ts";
import { pages } from "../pickers.ts";
import { Page, resultOf } from "../schemas.ts";

export const restorePage = notionAction({
  id: "restore-page",
  intent: "NOTION_RESTORE_PAGE",
  title: "Restore Page",
  summary: "Brings a page back from the trash.",
  effect: "write",
  repeatable: true,
  input: z.object({ pageId: pick(pages, "Page", "The id of the page, or its link.") }),
  output: resultOf(Page),

  async run({ input, client }) {
    return { result: await setInTrash(client, input.pageId, false) };
  },
});
