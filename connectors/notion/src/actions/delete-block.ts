import { pick, ProviderError } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { Block, resultOf } from "../schemas.ts";

export const deleteBlock = notionAction({
  id: "delete-block",
  intent: "NOTION_DELETE_BLOCK",
  title: "Delete a Block",
  summary: "Moves a block, with all below it, to the trash. Given a page, it archives the page.",
  effect: "destroy",
  input: z.object({
    blockId: pick(pages, "Block", "The id of a block or page, or its link."),
  }),
  output: resultOf(Block),

  async run({ input, client }) {
    const path = `/v1/blocks/${requireId(input.blockId, "block")}`;
    try {
      return { result: await client.request("DELETE", path, { returns: Block }) };
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== "validation_error") throw error;
      // Notion refuses to touch what is in the trash, as where an attempt before this one put it.
      const block = await client.request("GET", path, { returns: Block });
      if (block.in_trash !== true) throw error;
      return { result: block };
    }
  },
});
