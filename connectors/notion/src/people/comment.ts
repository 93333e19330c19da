import { AppError } from "@tenon/connector";
import * as z from "zod";
import { mostItems, plainText, RichText, toRichText } from "../rich-text.ts";

/** A comment as Notion shows it. */
export const NotionComment = z.looseObject({
  object: z.literal("comment"),
  id: z.string(),
  discussion_id: z.string(),
  parent: z.looseObject({ type: z.string() }).optional(),
  rich_text: RichText,
  created_time: z.string().optional(),
  created_by: z.looseObject({ id: z.string() }).optional(),
});

/** A comment as Notion shows it, and its text without looks. */
export const Comment = NotionComment.extend({
  text: z.string().meta({ title: "Text" }),
}).meta({ title: "Comment" });
export type Comment = z.output<typeof Comment>;

export function toComment(comment: z.output<typeof NotionComment>): Comment {
  return { ...comment, text: plainText(comment.rich_text) };
}

/** The fields of a comment's words. */
export const commentWords = {
  text: z
    .string()
    .optional()
    .meta({ title: "Text", ui: { widget: "text-area" } }),
  markdown: z
    .string()
    .optional()
    .meta({
      title: "Text in Markdown",
      description: "In the place of the text: bold, italic, code and links.",
      ui: { widget: "markdown" },
    }),
};

/** What a comment says, as Notion takes it: long texts in several pieces. */
export function toWords({
  text,
  markdown,
}: {
  text?: string | undefined;
  markdown?: string | undefined;
}): { rich_text: unknown[] } | { markdown: string } {
  const isText = Boolean(text?.trim());
  const isMarkdown = Boolean(markdown?.trim());
  if (isText === isMarkdown) {
    const next = isText ? "not both." : "one of them.";
    throw new AppError("invalid_input", 400, `Write the comment's text or its Markdown, ${next}`);
  }
  if (markdown !== undefined && isMarkdown) return { markdown };
  const items = toRichText(text ?? "");
  if (items.length <= mostItems) return { rich_text: items };
  throw new AppError(
    "invalid_input",
    400,
    `The comment has ${text?.length} letters; Notion takes at most 200,000 in one.`,
  );
}
