import type { ActionClient } from "@tenon/connector";
import * as z from "zod";
import { searchPages } from "../actions/search-pages.ts";
import { titleOf } from "../pages/page-title.ts";
import type { ActionRig } from "./action-rig.ts";

/** The id of the page with exactly this title. */
export async function findPageId(rig: ActionRig, title: string): Promise<string> {
  const { result } = await rig.run(searchPages, { query: title });
  const page = result.find((one) => titleOf(one) === title);
  if (!page) throw new Error(`There is no page "${title}".`);
  return page.id;
}

const Found = z.object({
  results: z.array(
    z.looseObject({ id: z.string(), parent: z.looseObject({ database_id: z.string() }) }),
  ),
});

/** The ids of the example data source and its database. */
export async function findExampleDataSource(
  client: ActionClient,
): Promise<{ dataSourceId: string; databaseId: string }> {
  const { results } = await client.request("POST", "/v1/search", {
    body: { filter: { property: "object", value: "data_source" } },
    returns: Found,
  });
  const [first] = results;
  if (!first) throw new Error("There is no data source.");
  return { dataSourceId: first.id, databaseId: first.parent.database_id };
}
