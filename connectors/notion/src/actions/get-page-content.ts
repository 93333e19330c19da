import { pick } from "@tenon/connector";
import * as z from "zod";
import { flatten, readBlockTree } from "../blocks/read-block-tree.ts";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { BlockWithChildren, resultOf } from "../schemas.ts";

export const getPageContent = notionAction({
  id: "get-page-content",
  intent: "NOTION_GET_PAGE_CONTENT",
  title: "Get Page Content",
  summary:
    "Reads the blocks of a page, or those below a block, however deep they nest. Pages and databases on it are named, not entered.",
  effect: "read",
  input: z.object({
    blockId: pick(pages, "Page or block", "The id of a page or block, or its link."),
    depth: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(100)
      .meta({ title: "Levels", description: "1 reads only the blocks right on the page." }),
    layout: z.enum(["tree", "flat"]).default("tree").meta({
      title: "Layout",
      description:
        "As a tree each block has its children; flat, all blocks are one list in reading order.",
    }),
  }),
  output: resultOf(z.array(BlockWithChildren)),

  async run({ input, client, once, signal }) {
    const id = requireId(input.blockId, "block");
    const blocks = await readBlockTree({ client, once, signal }, id, input.depth);
    return { result: input.layout === "flat" ? flatten(blocks) : blocks };
  },
});
