import { pick } from "@tenon/connector";
import * as z from "zod";
import { readBlockTree } from "../blocks/read-block-tree.ts";
import { copyBlocks } from "../copies/copy-blocks.ts";
import { copyLooks, copyProperties } from "../copies/copy-page-values.ts";
import { createCopying, NotCopied } from "../copies/copying.ts";
import { doAgain } from "../do-again.ts";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { HomeField, readHome, readHomeOf } from "../pages/home.ts";
import { makePage } from "../pages/make-page.ts";
import { pages } from "../pickers.ts";
import { Page } from "../schemas.ts";

/** Deeper than people nest. */
const deepest = 100;

export const duplicatePage = notionAction({
  id: "duplicate-page",
  intent: "NOTION_DUPLICATE_PAGE",
  title: "Duplicate Page",
  summary:
    "Copies a page with its properties, icon, cover and all its blocks; hosted files are uploaded anew. Says what could not be copied. Running it twice makes two copies.",
  effect: "write",
  input: z.object({
    pageId: pick(pages, "Page", "The id of the page to copy, or its link."),
    parent: HomeField.optional().meta({
      title: "Parent of the copy",
      description: "An id, a link, or Notion's parent object. Where the page is, without it.",
      ui: { picker: "parents" },
    }),
    title: z
      .string()
      .optional()
      .meta({ title: "Title of the copy", description: "The page's own title, without it." }),
  }),
  output: z.object({
    result: Page,
    notCopied: z.array(NotCopied).meta({ title: "What could not be copied, or not as it was" }),
  }),

  async run({ input, client, once, download, signal }) {
    const id = requireId(input.pageId, "page");
    const readPage = () => client.request("GET", `/v1/pages/${id}`, { returns: Page });
    // What is copied is noted, so that a crash does not leave half of one state and half of another.
    const page = await once("read page", readPage, doAgain);
    const home =
      input.parent === undefined
        ? await readHomeOf(client, page)
        : await readHome(client, input.parent);
    const blocks = await readBlockTree({ client, once, signal }, id, deepest);
    const copying = createCopying({ client, once, download });
    const copy = {
      home,
      properties: await copyProperties(copying, page, { home, title: input.title || undefined }),
      looks: await copyLooks(copying, page),
      blocks: await copyBlocks(copying, blocks),
    };
    const result = await makePage({ client, once }, copy);
    return { result, notCopied: copying.notCopied };
  },
});
