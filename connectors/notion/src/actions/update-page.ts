import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { readHomeOf } from "../pages/home.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { toProperties, valueFields } from "../pages/page-properties.ts";
import { pages } from "../pickers.ts";
import { Page, resultOf } from "../schemas.ts";

export const updatePage = notionAction({
  id: "update-page",
  intent: "NOTION_UPDATE_PAGE",
  title: "Update a Page",
  summary: "Changes a page's title, properties, icon, cover or lock. What is not given stays.",
  effect: "write",
  repeatable: true,
  input: z.object({
    pageId: pick(pages, "Page", "The id of the page, or its link."),
    ...valueFields,
    icon: looksFields.icon.meta({
      title: "Icon",
      description:
        'An emoji, the address of an image, or Notion\'s icon object; "none" takes it away.',
      ui: { widget: "emoji" },
    }),
    cover: looksFields.cover.meta({
      title: "Cover",
      description: 'The address of an image, or Notion\'s cover object; "none" takes it away.',
    }),
    isLocked: z.boolean().optional().meta({
      title: "Locked",
      description: "Whether people are kept from editing the page in Notion.",
    }),
  }),
  output: resultOf(Page),

  async run({ input, client }) {
    const path = `/v1/pages/${requireId(input.pageId, "page")}`;
    const changes = {
      ...toLooks(input),
      ...(input.isLocked !== undefined && { is_locked: input.isLocked }),
    };
    const properties = await readValues();
    if (Object.keys(changes).length === 0 && Object.keys(properties).length === 0) {
      throw new AppError("invalid_input", 400, "Nothing is given that is to change.");
    }
    const body = { ...changes, ...(Object.keys(properties).length > 0 && { properties }) };
    return { result: await client.request("PATCH", path, { body, returns: Page }) };

    async function readValues(): Promise<Record<string, unknown>> {
      if (input.title === undefined && input.properties === undefined) return {};
      const page = await client.request("GET", path, { returns: Page });
      return toProperties(client, await readHomeOf(client, page), input);
    }
  },
});
