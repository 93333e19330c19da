import { AppError } from "@tenon/connector";
import * as z from "zod";
import { BlocksField, type BlockTree, readBlocks } from "../blocks/block-tree.ts";

/** What a new page holds, for actions that make one. */
export const contentFields = {
  content: z
    .string()
    .optional()
    .meta({ title: "Content", description: "Markdown.", ui: { widget: "markdown" } }),
  children: BlocksField.optional().meta({
    title: "Content as blocks",
    description: "Notion's block objects, in the place of Markdown.",
    ui: { widget: "json" },
  }),
};
const ContentInput = z.object(contentFields);

/**
 * The content of a new page.
 *
 * @throws AppError `invalid_input` where it is given as blocks and as Markdown at once.
 */
export function readContent({ content: markdown = "", children }: z.output<typeof ContentInput>): {
  blocks: BlockTree[];
  markdown: string;
} {
  const blocks = readBlocks(children, "Content as blocks");
  if (blocks.length === 0 || markdown.trim() === "") return { blocks, markdown };
  throw new AppError("invalid_input", 400, "Give the content as Markdown or as blocks, not both.");
}
