import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { Comment, NotionComment, toComment } from "../people/comment.ts";
import { readAll } from "../read-all.ts";
import { resultOf } from "../schemas.ts";

export const listComments = notionAction({
  id: "list-comments",
  intent: "NOTION_LIST_COMMENTS",
  title: "List Comments",
  summary: "Lists the open comments on a page or block, the oldest first.",
  effect: "read",
  input: z.object({
    block: z
      .string()
      .trim()
      .min(1)
      .meta({
        title: "Page or block",
        description: "Comments on the blocks of a page are listed by their blocks.",
        ui: { picker: "pages" },
      }),
    discussion: z
      .string()
      .trim()
      .min(1)
      .optional()
      .meta({ title: "Discussion", description: "Only the comments of one discussion." }),
    limit: z.number().int().min(1).max(10_000).default(1_000).meta({ title: "Limit" }),
  }),
  output: resultOf(z.array(Comment).meta({ title: "Comments" })),

  async run({ client, input }) {
    const discussion =
      input.discussion === undefined ? undefined : requireId(input.discussion, "discussion");
    const { items } = await readAll(client, {
      path: "/v1/comments",
      query: { block_id: requireId(input.block, "block") },
      item: NotionComment,
      // Notion cannot list one discussion, so that the limit holds after all are read.
      ...(discussion === undefined && { limit: input.limit }),
    });
    const comments = items.filter(
      (comment) => discussion === undefined || comment.discussion_id === discussion,
    );
    return { result: comments.slice(0, input.limit).map(toComment) };
  },
});
