import { pick } from "@tenon/connector";
import * as z from "zod";
import { Database, readDatabase } from "../data-sources/data-source.ts";
import { notionAction } from "../notion-action.ts";
import { databases } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

export const getDatabase = notionAction({
  id: "get-database",
  intent: "NOTION_GET_DATABASE_BY_ID",
  title: "Get Database",
  summary: "Reads a database and the names of its data sources.",
  effect: "read",
  input: z.object({ database: pick(databases, "Database") }),
  output: resultOf(Database),

  async run({ client, input }) {
    return { result: await readDatabase(client, input.database) };
  },
});
