import type { Kysely, Selectable } from "kysely";
import type { Database } from "../tables.ts";

export interface SigningKey {
  id: string;
  projectId: string;
  title: string;
  /** SPKI in PEM. The private key is never stored. */
  publicKey: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** Reads and writes the public keys that user tokens are verified with. */
export function createSigningKeyStore(db: Kysely<Database>) {
  return {
    async list(projectId: string): Promise<SigningKey[]> {
      const rows = await db
        .selectFrom("signing_keys")
        .selectAll()
        .where("project_id", "=", projectId)
        .orderBy("created_at")
        .execute();
      return rows.map(toSigningKey);
    },

    async create(key: Omit<SigningKey, "createdAt" | "revokedAt">): Promise<SigningKey> {
      const row = await db
        .insertInto("signing_keys")
        .values({
          id: key.id,
          project_id: key.projectId,
          title: key.title,
          public_key: key.publicKey,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toSigningKey(row);
    },

    /** False where the project has no such key; revoking twice keeps the first time. */
    async revoke(projectId: string, id: string): Promise<boolean> {
      const row = await db
        .updateTable("signing_keys")
        .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.fn<Date>("now")) }))
        .where("project_id", "=", projectId)
        .where("id", "=", id)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>;

function toSigningKey(row: Selectable<Database["signing_keys"]>): SigningKey {
  return {
    id: row.id,
    projectId: row.project_id,
    title: row.title,
    publicKey: row.public_key,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}
