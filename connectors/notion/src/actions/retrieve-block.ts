import { pick } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { Block, resultOf } from "../schemas.ts";

export const retrieveBlock = notionAction({
  id: "retrieve-block",
  intent: "NOTION_GET_BLOCK_BY_ID",
  title: "Retrieve a Block",
  summary: "Reads one block, without the blocks below it.",
  effect: "read",
  input: z.object({
    blockId: pick(pages, "Block", "The id of a block or page, or its link."),
  }),
  output: resultOf(Block),

  async run({ input, client }) {
    const path = `/v1/blocks/${requireId(input.blockId, "block")}`;
    return { result: await client.request("GET", path, { returns: Block }) };
  },
});
