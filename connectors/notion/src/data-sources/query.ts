import type { ActionClient } from "@tenon/connector";
import { type List, readAll } from "../read-all.ts";
import type { NotionFilter } from "./filter.ts";
import { ItemPage } from "./item.ts";
import type { NotionSort } from "./sort.ts";

/** The most items that Notion gives of one query, whatever the cursor. */
export const mostQueried = 10_000;

export interface Query {
  dataSourceId: string;
  filter: NotionFilter | undefined;
  sorts: readonly NotionSort[];
  limit: number;
  cursor: string | undefined;
  inTrash: boolean;
}

/** The items that a query finds, to its limit or its end. */
export function queryItems(client: ActionClient, query: Query): Promise<List<ItemPage>> {
  const { dataSourceId, filter, sorts, limit, cursor, inTrash } = query;
  return readAll(client, {
    method: "POST",
    path: `/v1/data_sources/${dataSourceId}/query`,
    body: {
      ...(filter && { filter }),
      ...(sorts.length > 0 && { sorts }),
      ...(inTrash && { in_trash: true }),
      // Data sources of a wiki list other data sources among their pages.
      result_type: "page",
    },
    item: ItemPage,
    limit,
    cursor,
  });
}
