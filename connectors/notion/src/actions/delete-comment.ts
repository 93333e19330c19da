import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { NotionComment } from "../people/comment.ts";
import { unlessMissing } from "../read-all.ts";
import { resultOf } from "../schemas.ts";

const Deleted = z.object({
  id: z.string().meta({ title: "Id" }),
  deleted: z.literal(true).meta({ title: "Deleted" }),
});

export const deleteComment = notionAction({
  id: "delete-comment",
  intent: "NOTION_DELETE_COMMENT",
  title: "Delete Comment",
  summary: "Deletes a comment that this connection wrote, for good.",
  effect: "destroy",
  input: z.object({
    comment: z.string().trim().min(1).meta({ title: "Comment", description: "Its id." }),
  }),
  output: resultOf(Deleted),

  async run({ client, once, input }) {
    const id = requireId(input.comment, "comment");
    const path = `/v1/comments/${id}`;
    const deleted = { id, deleted: true } as const;
    // A comment that is gone is an error at first, and what a repeat after a crash finds.
    const result = await once(
      "delete",
      async () => {
        await client.request("DELETE", path);
        return deleted;
      },
      async () => {
        const found = await unlessMissing(client.request("GET", path, { returns: NotionComment }));
        return found ? undefined : deleted;
      },
    );
    return { result };
  },
});
