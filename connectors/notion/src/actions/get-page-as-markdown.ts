import { pick } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { readMarkdown } from "../markdown/insert-markdown.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { PageMarkdown, resultOf } from "../schemas.ts";

export const getPageAsMarkdown = notionAction({
  id: "get-page-as-markdown",
  intent: "NOTION_GET_PAGE_AS_MARKDOWN",
  title: "Get Page as Markdown",
  summary:
    "Reads a page's content as Markdown. What Notion could not write so is named in unknown_block_ids.",
  effect: "read",
  input: z.object({
    pageId: pick(pages, "Page", "The id of the page, or its link."),
    includeTranscript: z
      .boolean()
      .default(false)
      .meta({ title: "Include transcripts", description: "Of meeting notes on the page." }),
  }),
  output: resultOf(PageMarkdown),

  async run({ input, client }) {
    const include = input.includeTranscript ? { include_transcript: true } : {};
    return { result: await readMarkdown(client, requireId(input.pageId, "page"), include) };
  },
});
