import { pick } from "@tenon/connector";
import * as z from "zod";
import { DataSource, readDatabase } from "../data-sources/data-source.ts";
import { notionAction } from "../notion-action.ts";
import { databases } from "../pickers.ts";
import { readAll } from "../read-all.ts";
import { resultOf } from "../schemas.ts";
import { plainText } from "../rich-text.ts";

const Listed = z.object({
  id: z.string().meta({ title: "Id" }),
  name: z.string().meta({ title: "Name" }),
  databaseId: z.string().nullable().meta({ title: "Database" }),
});

export const listDataSources = notionAction({
  id: "list-data-sources",
  intent: "NOTION_LIST_DATA_SOURCES",
  title: "List Data Sources",
  summary: "Lists the data sources of a database, or all that are shared with the connection.",
  effect: "read",
  input: z.object({
    database: pick(databases, "Database", "Without it, all that can be found.").optional(),
    search: z.string().default("").meta({ title: "Search", description: "Words of the title." }),
    limit: z.number().int().min(1).max(10_000).default(100).meta({ title: "Limit" }),
  }),
  output: resultOf(z.array(Listed).meta({ title: "Data sources" })),

  async run({ client, input: { database, search, limit } }) {
    if (database !== undefined) {
      const { id: databaseId, data_sources: found } = await readDatabase(client, database);
      const wanted = search.trim().toLowerCase();
      const named = found.filter(({ name }) => name.toLowerCase().includes(wanted));
      return { result: named.slice(0, limit).map(({ id, name }) => ({ id, name, databaseId })) };
    }
    const { items } = await readAll(client, {
      method: "POST",
      path: "/v1/search",
      body: { query: search, filter: { property: "object", value: "data_source" } },
      item: DataSource,
      limit,
    });
    const result = items
      // Search shows data sources in the trash too.
      .filter((one) => one.in_trash !== true)
      .map((one) => ({
        id: one.id,
        name: plainText(one.title),
        databaseId: one.parent?.database_id ?? null,
      }));
    return { result };
  },
});
