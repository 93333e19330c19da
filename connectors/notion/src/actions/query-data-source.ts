import { pick } from "@tenon/connector";
import * as z from "zod";
import { readDataSource } from "../data-sources/data-source.ts";
import { FilterRow } from "../data-sources/filter-row.ts";
import { toFilter } from "../data-sources/filter.ts";
import { Item, ItemPage, toItem } from "../data-sources/item.ts";
import { createLookups } from "../data-sources/lookups.ts";
import { mostQueried, queryItems } from "../data-sources/query.ts";
import { Sort, toSorts } from "../data-sources/sort.ts";
import { jsonField, readJsonField } from "../json-text.ts";
import { notionAction } from "../notion-action.ts";
import { dataSources } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

const RawFilter = z.record(z.string(), z.json());
const rawTitle = "Filter as JSON";

export const queryDataSource = notionAction({
  id: "query-data-source",
  intent: "NOTION_QUERY_DATA_SOURCE",
  title: "Query Data Source",
  summary: "Lists the items of a data source that meet a filter, in the order asked for.",
  effect: "read",
  input: z.object({
    dataSource: pick(dataSources, "Data source", "A database with one data source will do too."),
    filters: z
      .array(FilterRow)
      .max(100)
      .default([])
      .meta({ title: "Filter", ui: { widget: "conditions" } }),
    match: z
      .enum(["and", "or"])
      .default("and")
      .meta({ title: "Conditions that must hold", description: "All of them, or any." }),
    filter: jsonField(RawFilter)
      .optional()
      .meta({
        title: rawTitle,
        description: "In Notion's own form. With conditions above, both must hold.",
        ui: { widget: "json" },
      }),
    sorts: z.array(Sort).max(100).default([]).meta({ title: "Sort by" }),
    limit: z.number().int().min(1).max(mostQueried).default(100).meta({
      title: "Limit",
      description: "The most items to list; as many requests are made as it takes.",
    }),
    cursor: z
      .string()
      .min(1)
      .optional()
      .meta({ title: "Start at", description: "The nextCursor of an earlier query." }),
    inTrash: z.boolean().default(false).meta({ title: "Items in the trash" }),
  }),
  output: resultOf(
    z.object({
      items: z.array(Item).meta({ title: "Items" }),
      pages: z
        .array(ItemPage)
        .meta({ title: "Pages", description: "The same items as Notion shows them." }),
      nextCursor: z.string().nullable().meta({ title: "Next cursor" }),
      incomplete: z.boolean().meta({
        title: "Incomplete",
        description: "More items meet the filter than the 10,000 that Notion gives of one query.",
      }),
    }),
  ),

  async run({ client, input }) {
    const { id, properties } = await readDataSource(client, input.dataSource);
    const { filters: rows, match } = input;
    const raw = readJsonField(input.filter, { title: rawTitle, schema: RawFilter });
    const place = { properties, lookups: createLookups(client) };
    const { items, nextCursor, incompleteReason } = await queryItems(client, {
      dataSourceId: id,
      filter: await toFilter({ rows, match, raw }, place),
      sorts: toSorts(input.sorts, properties),
      limit: input.limit,
      cursor: input.cursor,
      inTrash: input.inTrash,
    });
    return {
      result: {
        items: items.map(toItem),
        pages: items,
        nextCursor: nextCursor ?? null,
        incomplete: incompleteReason !== undefined,
      },
    };
  },
});
