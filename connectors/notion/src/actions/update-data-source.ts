import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { DataSource, readDataSource, resolveDataSource } from "../data-sources/data-source.ts";
import {
  schemaChangeFields,
  showsChanges,
  toPropertyChanges,
} from "../data-sources/schema-changes.ts";

import { doAgain } from "../do-again.ts";
import { notionAction } from "../notion-action.ts";
import { looksFields, toLooks } from "../pages/page-looks.ts";
import { dataSources } from "../pickers.ts";
import { toRichText } from "../rich-text.ts";
import { resultOf } from "../schemas.ts";

export const updateDataSource = notionAction({
  id: "update-data-source",
  intent: "NOTION_UPDATE_DATA_SOURCE",
  title: "Update Data Source",
  summary:
    "Changes a data source's title, icon and properties, or puts it into the trash and back.",
  effect: "write",
  input: z.object({
    dataSource: pick(dataSources, "Data source", "A database with one data source will do too."),
    title: z.string().optional().meta({ title: "Title" }),
    icon: looksFields.icon,
    ...schemaChangeFields,
    inTrash: z.boolean().optional().meta({ title: "In the trash" }),
  }),
  output: resultOf(DataSource),

  async run({ client, once, input }) {
    const { title, icon, inTrash } = input;
    // Planned once: after a rename its old name would not be found again.
    const { id, changes } = await once(
      "plan",
      async () => {
        const { id, properties } = await readDataSource(client, input.dataSource);
        const resolve = (given: string) => resolveDataSource(client, given);
        return { id, changes: await toPropertyChanges(input, properties, resolve) };
      },
      doAgain,
    );
    const hasChanges = Object.keys(changes).length > 0;
    const body = {
      ...(title !== undefined && { title: toRichText(title) }),
      ...toLooks({ icon }),
      ...(hasChanges && { properties: changes }),
      ...(inTrash !== undefined && { in_trash: inTrash }),
    };
    if (Object.keys(body).length === 0) {
      throw new AppError("invalid_input", 400, "Nothing to change: fill in at least one field.");
    }
    const path = `/v1/data_sources/${id}`;
    const result = await once(
      "update",
      () => client.request("PATCH", path, { body, returns: DataSource }),
      async () => {
        // Titles, icons and the trash may be written twice; changes of properties may not.
        const now = await client.request("GET", path, { returns: DataSource });
        return hasChanges && showsChanges(now.properties, changes) ? now : undefined;
      },
    );
    return { result };
  },
});
