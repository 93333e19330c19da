import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { Database } from "../data-sources/data-source.ts";

import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { databases, pages } from "../pickers.ts";
import { toRichText } from "../rich-text.ts";
import { resultOf } from "../schemas.ts";

export const updateDatabase = notionAction({
  id: "update-database",
  intent: "NOTION_UPDATE_DATABASE",
  title: "Update Database",
  summary:
    "Changes a database's title, description and looks, moves it, locks it, or puts it into the trash and back. Its properties are changed with Update Data Source.",
  effect: "write",
  repeatable: true,
  input: z.object({
    database: pick(databases, "Database"),
    title: z.string().optional().meta({ title: "Title" }),
    description: z
      .string()
      .optional()
      .meta({ title: "Description", ui: { widget: "text-area" } }),
    ...looksFields,
    inline: z.boolean().optional().meta({ title: "Inline" }),
    locked: z.boolean().optional().meta({ title: "Locked" }),
    inTrash: z.boolean().optional().meta({ title: "In the trash" }),
    page: pick(pages, "Move to page").optional(),
  }),
  output: resultOf(Database),

  async run({ client, input }) {
    const { title, description, inline, locked, inTrash, page } = input;
    const changes = {
      ...(title !== undefined && { title: toRichText(title) }),
      ...(description !== undefined && { description: toRichText(description) }),
      ...toLooks(input),
      ...(inline !== undefined && { is_inline: inline }),
      ...(locked !== undefined && { is_locked: locked }),
      ...(inTrash !== undefined && { in_trash: inTrash }),
      ...(page !== undefined && { parent: { type: "page_id", page_id: requireId(page, "page") } }),
    };
    if (Object.keys(changes).length === 0) {
      throw new AppError("invalid_input", 400, "Nothing to change: fill in at least one field.");
    }
    const database = await client.request(
      "PATCH",
      `/v1/databases/${requireId(input.database, "database")}`,
      { body: changes, returns: Database },
    );
    return { result: database };
  },
});
