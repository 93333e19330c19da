import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { appendBlocks as append, type Position } from "../blocks/append-blocks.ts";
import { BlocksField, readBlocks } from "../blocks/block-tree.ts";
import { readGap } from "../blocks/read-gap.ts";
import { toParagraphs } from "../blocks/to-paragraphs.ts";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { Block, resultOf } from "../schemas.ts";

export const appendBlocks = notionAction({
  id: "append-blocks",
  intent: "NOTION_APPEND_BLOCKS",
  title: "Append Blocks",
  summary:
    "Adds blocks of any number, length and depth to a page or block. Running it twice adds them twice.",
  effect: "write",
  input: z.object({
    blockId: pick(pages, "Page or block", "The id of a page or block, or its link."),
    text: z
      .string()
      .optional()
      .meta({
        title: "Text",
        description: "Each line becomes a paragraph.",
        ui: { widget: "textarea" },
      }),
    children: BlocksField.optional().meta({
      title: "Blocks",
      description: "Notion's block objects, after the text.",
      ui: { widget: "json" },
    }),
    position: z
      .enum(["end", "start"])
      .default("end")
      .meta({ title: "Position", description: "Where on the page or in the block they go." }),
    after: z.string().trim().optional().meta({
      title: "After block",
      description: "The id of a block right below the page or block, in the place of a position.",
    }),
  }),
  output: resultOf(z.array(Block)),

  async run({ input, client, once }) {
    const parentId = requireId(input.blockId, "block");
    const position: Position = input.after
      ? { type: "after_block", after_block: { id: requireId(input.after, "block") } }
      : { type: input.position };
    const trees = [...toParagraphs(input.text ?? ""), ...readBlocks(input.children, "Blocks")];
    if (trees.length === 0) {
      throw new AppError("invalid_input", 400, "There is nothing to append: give text or blocks.");
    }
    const work = { client, once };
    const gap = (await readGap(work, parentId, position)) ?? undefined;
    return { result: await append(work, trees, { parentId, position, gap, name: "" }) };
  },
});
