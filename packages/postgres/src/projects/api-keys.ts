import type { Kysely } from "kysely";
import type { Database } from "../tables.ts";

export interface ApiKey {
  id: string;
  /** Null: a key of the instance, good for every project and for making new ones. */
  projectId: string | null;
}

/** Reads and writes API keys, known by the SHA-256 of their text only. */
export function createApiKeyStore(db: Kysely<Database>) {
  return {
    /** Storing the same key again changes nothing. */
    async create(key: ApiKey & { title: string; hash: Buffer; end: string }): Promise<void> {
      await db
        .insertInto("api_keys")
        .values({
          id: key.id,
          project_id: key.projectId,
          title: key.title,
          key_hash: key.hash,
          key_end: key.end,
        })
        .onConflict((conflict) => conflict.column("key_hash").doNothing())
        .execute();
    },

    /** The key with this hash unless it was revoked. */
    async findActive(hash: Buffer): Promise<ApiKey | undefined> {
      const row = await db
        .selectFrom("api_keys")
        .select(["id", "project_id"])
        .where("key_hash", "=", hash)
        .where("revoked_at", "is", null)
        .executeTakeFirst();
      return row && { id: row.id, projectId: row.project_id };
    },
  };
}

export type ApiKeyStore = ReturnType<typeof createApiKeyStore>;
