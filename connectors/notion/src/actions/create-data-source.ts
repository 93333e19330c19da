import { pick } from "@tenon/connector";
import * as z from "zod";
import { DataSource, readDataSource } from "../data-sources/data-source.ts";
import { schemaFields, toNewProperties } from "../data-sources/schema-fields.ts";

import { requireId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { orSaved } from "../or-saved.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { databases } from "../pickers.ts";
import { toRichText } from "../rich-text.ts";
import { resultOf } from "../schemas.ts";

export const createDataSource = notionAction({
  id: "create-data-source",
  intent: "NOTION_CREATE_DATA_SOURCE",
  title: "Create Data Source",
  summary: "Adds one more data source to a database.",
  effect: "write",
  input: z.object({
    database: pick(databases, "Database"),
    title: z.string().default("").meta({ title: "Title" }),
    ...schemaFields,
    icon: looksFields.icon,
  }),
  output: resultOf(DataSource),

  async run({ client, input }) {
    const { icon, title } = input;
    const database = requireId(input.database, "database");
    const body = {
      parent: { type: "database_id", database_id: database },
      title: toRichText(title),
      properties: await toNewProperties(client, input),
      ...toLooks({ icon }),
    };
    const dataSource = await orSaved(
      client.request("POST", "/v1/data_sources", { body, returns: DataSource }),
      (id) => readDataSource(client, id),
    );
    return { result: dataSource };
  },
});
