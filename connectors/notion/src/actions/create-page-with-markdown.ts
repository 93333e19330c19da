import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { makePage } from "../pages/make-page.ts";
import { newPageFields, toNewPage } from "../pages/new-page-input.ts";
import { Page, resultOf } from "../schemas.ts";

export const createPageWithMarkdown = notionAction({
  id: "create-page-with-markdown",
  intent: "NOTION_CREATE_PAGE_WITH_MARKDOWN",
  title: "Create Page with Markdown",
  summary:
    "Adds a page whose content is Markdown of any length. Without a title its first heading is the title. Running it twice makes two pages.",
  effect: "write",
  input: z.object({
    ...newPageFields,
    markdown: z
      .string()
      .min(1)
      .meta({
        title: "Markdown",
        description: "In Notion's flavour: callouts, toggles and columns are written as tags.",
        examples: ["# Report\n\n- all is well"],
        ui: { widget: "markdown" },
      }),
  }),
  output: resultOf(Page),

  async run({ input, client, once }) {
    const page = await toNewPage(client, input);
    return { result: await makePage({ client, once }, { ...page, markdown: input.markdown }) };
  },
});
