import * as z from "zod";
import { notionPicker } from "../notion-action.ts";
import { readDataSource } from "./data-source.ts";

/** The properties of a data source, by name. */
export const properties = notionPicker({
  id: "properties",
  title: "Properties",
  needs: ["dataSource"],
  async load({ client, search, input }) {
    const { data: given } = z.string().min(1).safeParse(input["dataSource"]);
    if (given === undefined) return { choices: [], nextCursor: undefined };
    const dataSource = await readDataSource(client, given);
    const wanted = search.trim().toLowerCase();
    const choices = Object.values(dataSource.properties)
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .map(({ name, type }) => ({ value: name, label: name, description: type }));
    return { choices, nextCursor: undefined };
  },
});
