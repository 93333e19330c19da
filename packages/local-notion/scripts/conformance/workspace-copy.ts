import type { Instance } from "../../src/instance.ts";
import type { TableName } from "../../src/store/records.ts";

const tables: readonly TableName[] = [
  "nodes",
  "comments",
  "uploads",
  "views",
  "viewQueries",
  "tasks",
];

/** What a workspace holds now; calling it brings that back. */
export function copyOf({ store }: Instance): () => void {
  const copies = tables.map((table) => ({ table, records: [...store.all(table)] }));
  return () => {
    for (const { table, records } of copies) {
      const kept = new Set(records.map(({ id }) => id));
      const added = [...store.all(table)].filter(({ id }) => !kept.has(id));
      for (const { id } of added) store.remove(table, id);
      for (const record of records) {
        if (store.get(table, record.id) !== record) store.put(table, record);
      }
    }
    store.commit();
  };
}
