import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import type { Work } from "../blocks/append-blocks.ts";
import { doAgain } from "../do-again.ts";
import { requireId } from "../ids.ts";
import {
  changeOnce,
  insertMarkdown,
  patchMarkdown,
  toSample,
} from "../markdown/insert-markdown.ts";
import { splitMarkdown } from "../markdown/split-markdown.ts";
import { notionAction } from "../notion-action.ts";
import { pages } from "../pickers.ts";
import { PageMarkdown, resultOf } from "../schemas.ts";

const Input = z.object({
  pageId: pick(pages, "Page", "The id of the page, or its link."),
  mode: z
    .enum(["append", "prepend", "insert_after", "replace_all", "find_and_replace"])
    .default("append")
    .meta({
      title: "Change",
      description:
        "Adds at the end or the start, inserts after a text, replaces all content, or replaces a text.",
    }),
  markdown: z.string().meta({ title: "Markdown", ui: { widget: "markdown" } }),
  find: z
    .string()
    .min(1)
    .optional()
    .meta({
      title: "Text on the page",
      description:
        "What to insert after (its beginning...its end will do) or what to replace, as the page's Markdown has it.",
      ui: { widget: "textarea" },
    }),
  replaceEvery: z
    .boolean()
    .default(false)
    .meta({ title: "Replace every occurrence", description: "Else the text must occur once." }),
  allowDeletingContent: z.boolean().default(false).meta({
    title: "Allow deleting pages",
    description: "Whether pages and databases whose line is replaced may go to the trash.",
  }),
});
type Input = z.output<typeof Input>;
type PageMarkdown = z.output<typeof PageMarkdown>;

export const updatePageWithMarkdown = notionAction({
  id: "update-page-with-markdown",
  intent: "NOTION_UPDATE_PAGE_WITH_MARKDOWN",
  title: "Update Page with Markdown",
  summary: "Adds Markdown to a page, or replaces all or some of its content by it.",
  effect: "write",
  input: Input,
  output: resultOf(PageMarkdown),

  async run({ input, client, once }) {
    const pageId = requireId(input.pageId, "page");
    return { result: await change({ client, once }, pageId, input) };
  },
});

function change(work: Work, pageId: string, input: Input): Promise<PageMarkdown> {
  switch (input.mode) {
    case "append":
      return insertParts(work, pageId, splitMarkdown(input.markdown), { type: "end" });
    case "prepend":
      // The last part first: each goes before what is there.
      return insertParts(work, pageId, splitMarkdown(input.markdown).toReversed(), {
        type: "start",
      });
    case "insert_after":
      return insertMarkdown(work, pageId, {
        insertion: { content: input.markdown, after: requireFind(input) },
        name: "insert",
      });
    case "replace_all":
      return replaceAll(work, pageId, input);
    case "find_and_replace":
      return findAndReplace(work, pageId, input);
  }
}

async function insertParts(
  work: Work,
  pageId: string,
  parts: readonly string[],
  position: { type: "start" | "end" },
): Promise<PageMarkdown> {
  let page: PageMarkdown | undefined;
  for (const [index, content] of parts.entries()) {
    const insertion = { content, position };
    page = await insertMarkdown(work, pageId, { insertion, name: `insert ${index + 1}` });
  }
  if (page) return page;
  throw new AppError("invalid_input", 400, '"Markdown" is blank: there is nothing to add.');
}

/** What is too long for one request is added behind the first part of it. */
async function replaceAll(work: Work, pageId: string, input: Input): Promise<PageMarkdown> {
  const [first = "", ...others] = splitMarkdown(input.markdown);
  const body = {
    type: "replace_content",
    replace_content: { new_str: first, allow_deleting_content: input.allowDeletingContent },
  };
  // Done again before anything was added to it, it has the effect of once.
  const page = await work.once("replace", () => patchMarkdown(work.client, pageId, body), doAgain);
  return others.length === 0 ? page : insertParts(work, pageId, others, { type: "end" });
}

function findAndReplace(work: Work, pageId: string, input: Input): Promise<PageMarkdown> {
  const find = requireFind(input);
  const update = {
    old_str: find,
    new_str: input.markdown,
    replace_all_matches: input.replaceEvery,
  };
  const body = {
    type: "update_content",
    update_content: {
      content_updates: [update],
      allow_deleting_content: input.allowDeletingContent,
    },
  };
  // A new text that holds the old one leaves as many of the old as before.
  const isKept = input.markdown.includes(find);
  const sample = isKept ? toSample(input.markdown.replaceAll(find, " ")) : find;
  return changeOnce(work, pageId, { body, name: "replace", sample });
}

function requireFind({ find, mode }: Input): string {
  if (find !== undefined) return find;
  throw new AppError("invalid_input", 400, `"Text on the page" is needed for ${mode}.`);
}
