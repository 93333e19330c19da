import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { newPageFields, toNewPage } from "../pages/new-page-input.ts";
import { makePage } from "../pages/make-page.ts";
import { contentFields, readContent } from "../pages/page-content.ts";
import { Page, resultOf } from "../schemas.ts";

export const createPage = notionAction({
  id: "create-page",
  intent: "NOTION_CREATE_PAGE",
  title: "Create a Page",
  summary:
    "Adds a page to a page or data source, with properties and content of any length. Running it twice makes two pages.",
  effect: "write",
  input: z.object({
    ...newPageFields,
    ...contentFields,
  }),
  output: resultOf(Page),

  async run({ input, client, once }) {
    const content = readContent(input);
    const page = await toNewPage(client, input);
    return { result: await makePage({ client, once }, { ...page, ...content }) };
  },
});
