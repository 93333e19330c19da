import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { Comment, commentWords, NotionComment, toComment, toWords } from "../people/comment.ts";
import { resultOf } from "../schemas.ts";

export const updateComment = notionAction({
  id: "update-comment",
  intent: "NOTION_UPDATE_COMMENT",
  title: "Update Comment",
  summary: "Replaces the words of a comment that this connection wrote.",
  effect: "write",
  repeatable: true,
  input: z.object({
    comment: z.string().trim().min(1).meta({ title: "Comment", description: "Its id." }),
    ...commentWords,
  }),
  output: resultOf(Comment),

  async run({ client, input }) {
    const id = requireId(input.comment, "comment");
    const comment = await client.request("PATCH", `/v1/comments/${id}`, {
      body: toWords(input),
      returns: NotionComment,
    });
    return { result: toComment(comment) };
  },
});
