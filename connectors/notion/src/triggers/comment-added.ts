import { changeOf, defineTrigger } from "@tenon/connector";
import * as z from "zod";
import { parseId } from "../ids.ts";
import { Comment } from "../people/comment.ts";
import { pages } from "../pickers.ts";
import { Parent } from "../schemas.ts";
import { place } from "./page-filter.ts";
import { placesAround } from "./places-around.ts";
import { sampleChange, sampleComment } from "./sample.ts";

const Placed = z.looseObject({ parent: Parent.optional() });

export const commentAdded = defineTrigger({
  id: "comment-added",
  intent: "NOTION_COMMENT_ADDED",
  title: "Comment Added",
  summary:
    "Starts when a comment is made on a page or on a block of it. Only Notion's events tell of those on blocks, and of all where no page is named.",
  input: z.object({
    page: place(pages, "On this page", "Comments on all pages without it.").optional(),
  }),
  output: changeOf(Comment),
  object: "comment",
  on: ["created"],
  sample: { result: sampleComment, event: sampleChange(["created"]) },
  scope: ({ page }) => parseId(page),

  async matches({ input, result, client }) {
    const wanted = parseId(input.page);
    if (wanted === undefined) return true;
    // A comment is on the innermost page around it.
    for await (const { page_id: around } of placesAround(client, Placed.parse(result).parent)) {
      if (around !== undefined) return around === wanted;
    }
    return false;
  },
});
