import type { DataKeyStore } from "@tenon/connections";
import type { Kysely } from "kysely";
import type { Database } from "../tables.ts";

/** Keeps the projects' sealed data keys. */
export function createDataKeyStore(db: Kysely<Database>): DataKeyStore {
  return {
    async find(projectId) {
      const row = await db
        .selectFrom("projects")
        .select("sealed_data_key")
        .where("id", "=", projectId)
        .executeTakeFirst();
      return row?.sealed_data_key;
    },

    async list(after, limit) {
      const rows = await db
        .selectFrom("projects")
        .select(["id", "sealed_data_key"])
        .$if(after !== undefined, (query) => query.where("id", ">", after ?? ""))
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map((row) => ({ projectId: row.id, sealed: row.sealed_data_key }));
    },

    async replace(projectId, from, to) {
      const { numUpdatedRows } = await db
        .updateTable("projects")
        .set({ sealed_data_key: to })
        .where("id", "=", projectId)
        .where("sealed_data_key", "=", from)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}
