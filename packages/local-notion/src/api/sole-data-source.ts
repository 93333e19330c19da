import { NotionError } from "../notion-error.ts";
import type { DatabaseNode, DataSourceNode } from "../store/records.ts";
import type { View } from "./view.ts";

export function dataSourcesOf(database: DatabaseNode, view: View): DataSourceNode[] {
  return view.store.nodes
    .liveChildrenOf(database.id)
    .filter((child) => child.kind === "data_source");
}

/** The data source meant by a database's id, which old clients use for it. */
export function soleDataSource(database: DatabaseNode, view: View): DataSourceNode {
  const [first, ...others] = dataSourcesOf(database, view);
  if (first && others.length === 0) return first;
  throw NotionError.validation(
    "Databases with multiple data sources are not supported in this API version.",
    {
      error_type: "multiple_data_sources_for_database",
      database_id: database.id,
      child_data_source_ids: dataSourcesOf(database, view).map(({ id }) => id),
      minimum_api_version: "2025-09-03",
    },
  );
}
