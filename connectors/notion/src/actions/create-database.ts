import { pick } from "@tenon/connector";
import * as z from "zod";
import { Database, readDatabase } from "../data-sources/data-source.ts";
import { schemaFields, toNewProperties } from "../data-sources/schema-fields.ts";

import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { orSaved } from "../or-saved.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { pages } from "../pickers.ts";
import { toRichText } from "../rich-text.ts";
import { resultOf } from "../schemas.ts";

export const createDatabase = notionAction({
  id: "create-database",
  intent: "NOTION_CREATE_DATABASE",
  title: "Create Database",
  summary: "Adds a database with one data source to a page.",
  effect: "write",
  input: z.object({
    page: pick(pages, "Page", "The page it is added to."),
    title: z.string().default("").meta({ title: "Title" }),
    description: z
      .string()
      .optional()
      .meta({ title: "Description", ui: { widget: "text-area" } }),
    ...schemaFields,
    inline: z
      .boolean()
      .default(false)
      .meta({ title: "Inline", description: "Shown within the page, not as a page of its own." }),
    ...looksFields,
  }),
  output: resultOf(Database),

  async run({ client, input }) {
    const { title, description, inline } = input;
    const body = {
      parent: { type: "page_id", page_id: requireId(input.page, "page") },
      title: toRichText(title),
      ...(description !== undefined && { description: toRichText(description) }),
      is_inline: inline,
      initial_data_source: { properties: await toNewProperties(client, input) },
      ...toLooks(input),
    };
    const database = await orSaved(
      client.request("POST", "/v1/databases", { body, returns: Database }),
      (id) => readDatabase(client, id),
    );
    return { result: database };
  },
});
