import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { orSaved } from "../or-saved.ts";
import { Comment, commentWords, NotionComment, toComment, toWords } from "../people/comment.ts";
import { pages } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

const input = z.object({
  page: pick(pages, "Page").optional(),
  block: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta({ title: "Block", description: "Starts a discussion on a block of a page." }),
  discussion: z
    .string()
    .trim()
    .min(1)
    .optional()
    .meta({ title: "Discussion", description: "Answers in one: the discussion_id of a comment." }),
  ...commentWords,
  files: z
    .array(z.string().trim().min(1))
    .max(3)
    .default([])
    .meta({ title: "Files", description: "Up to three ids that Upload File gave." }),
  displayName: z.string().trim().min(1).optional().meta({
    title: "Name shown",
    description: "Whom the comment is said to be from, in the place of the connection.",
  }),
});

export const addComment = notionAction({
  id: "add-comment",
  intent: "NOTION_ADD_COMMENT",
  title: "Add Comment",
  summary: "Comments on a page or block, or answers in a discussion.",
  effect: "write",
  input,
  output: resultOf(Comment),

  async run({ client, input }) {
    const { files, displayName } = input;
    const body = {
      ...toPlace(input),
      ...toWords(input),
      ...(files.length > 0 && {
        attachments: files.map((id) => ({ file_upload_id: requireId(id, "file upload") })),
      }),
      ...(displayName !== undefined && {
        display_name: { type: "custom", custom: { name: displayName } },
      }),
    };
    const comment = await orSaved(
      client.request("POST", "/v1/comments", { body, returns: NotionComment }),
      (id) => client.request("GET", `/v1/comments/${id}`, { returns: NotionComment }),
    );
    return { result: toComment(comment) };
  },
});

function toPlace({ page, block, discussion }: z.output<typeof input>): Record<string, unknown> {
  if ([page, block, discussion].filter((one) => one !== undefined).length !== 1) {
    throw new AppError(
      "invalid_input",
      400,
      "Name what the comment is on: a page, a block or a discussion, and only one of them.",
    );
  }
  if (page !== undefined) return { parent: { page_id: requireId(page, "page") } };
  if (block !== undefined) return { parent: { block_id: requireId(block, "block") } };
  return { discussion_id: requireId(discussion, "discussion") };
}
