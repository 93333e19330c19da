import { pick } from "@tenon/connector";
import * as z from "zod";
import { DataSource, readDataSource } from "../data-sources/data-source.ts";
import { notionAction } from "../notion-action.ts";
import { dataSources } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

export const getDataSource = notionAction({
  id: "get-data-source",
  intent: "NOTION_GET_DATA_SOURCE_BY_ID",
  title: "Get Data Source",
  summary: "Reads a data source with all its properties and their options.",
  effect: "read",
  input: z.object({
    dataSource: pick(dataSources, "Data source", "A database with one data source will do too."),
  }),
  output: resultOf(DataSource),

  async run({ client, input }) {
    return { result: await readDataSource(client, input.dataSource) };
  },
});
