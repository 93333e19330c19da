import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { readAll } from "../read-all.ts";
import { Page } from "../schemas.ts";

export const searchPages = notionAction({
  id: "search-pages",
  intent: "NOTION_SEARCH_PAGES",
  title: "Search Pages",
  summary: "Finds the pages shared with the connection by words of their titles.",
  effect: "read",
  input: z.object({
    query: z
      .string()
      .default("")
      .meta({ title: "Search for", description: "Words of the title; empty for all pages." }),
    sort: z
      .enum(["newest", "oldest", "relevance"])
      .default("newest")
      .meta({ title: "Order", description: "By the time of the last edit, or as Notion ranks." }),
    limit: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ title: "At most", description: "How many pages to give back." }),
    cursor: z
      .string()
      .optional()
      .meta({ title: "Cursor", description: "The nextCursor of an earlier search, to go on." }),
  }),
  output: z.object({
    result: z.array(Page),
    nextCursor: z.string().nullable().meta({ description: "Null where there are no more pages." }),
  }),

  async run({ input, client }) {
    const { items, nextCursor } = await readAll(client, {
      method: "POST",
      path: "/v1/search",
      body: {
        query: input.query,
        filter: { property: "object", value: "page" },
        sort: sorts[input.sort],
      },
      item: Page,
      cursor: input.cursor || undefined,
      limit: input.limit,
    });
    return { result: items, nextCursor: nextCursor ?? null };
  },
});

const sorts = {
  newest: { timestamp: "last_edited_time", direction: "descending" },
  oldest: { timestamp: "last_edited_time", direction: "ascending" },
  relevance: { property: "relevance" },
};
