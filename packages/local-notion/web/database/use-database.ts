import type { Api } from "../api/api.ts";
import type { Database, DataSource, Page } from "../api/objects.ts";
import { type ResourceState, useResource } from "../state/resource.ts";
import { useWorkspace } from "../workspace/workspace.ts";

export interface ShownDatabase {
  database: Database;
  tables: readonly DatabaseItems[];
}

/** The items of one of the database's data sources. */
export interface DatabaseItems {
  dataSource: DataSource;
  rows: readonly Page[];
  /** Where the next rows begin. */
  cursor: string | null;
}

/** A database with its first items. */
export function useDatabase(id: string): ResourceState<ShownDatabase> {
  const { api } = useWorkspace();
  return useResource(() => readDatabase(api, id)).state;
}

async function readDatabase(api: Api, id: string): Promise<ShownDatabase> {
  const database = await api.database(id);
  const tables = await Promise.all(
    database.data_sources.map(async (source) => {
      const [dataSource, { results, next_cursor: cursor }] = await Promise.all([
        api.dataSource(source.id),
        api.queryDataSource(source.id),
      ]);
      return { dataSource, rows: results, cursor };
    }),
  );
  return { database, tables };
}
