import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../tables.ts";

export interface ConnectedUser {
  id: string;
  projectId: string;
  /** The user token's `sub`. */
  externalId: string;
  meta: Record<string, unknown>;
  createdAt: Date;
}

/** Reads and writes the customers' end users. */
export function createConnectedUserStore(db: Kysely<Database>) {
  async function find(projectId: string, externalId: string): Promise<ConnectedUser | undefined> {
    const row = await db
      .selectFrom("connected_users")
      .selectAll()
      .where("project_id", "=", projectId)
      .where("external_id", "=", externalId)
      .executeTakeFirst();
    return row && toConnectedUser(row);
  }

  return {
    find,

    /**
     * The user of this name, made with `id` where there is none yet. One who is there already is
     * only read: every write is told to all processes, which then drop the user from memory.
     */
    async ensure(
      user: Pick<ConnectedUser, "id" | "projectId" | "externalId">,
    ): Promise<ConnectedUser> {
      const existing = await find(user.projectId, user.externalId);
      if (existing) return existing;
      await db
        .insertInto("connected_users")
        .values({ id: user.id, project_id: user.projectId, external_id: user.externalId })
        .onConflict((conflict) => conflict.columns(["project_id", "external_id"]).doNothing())
        .execute();
      const made = await find(user.projectId, user.externalId);
      if (!made) throw new Error("The connected user was deleted while it was being made.");
      return made;
    },

    /** Notes that the user was seen now; to ten minutes, so that reading stays cheap. */
    async touch(id: string): Promise<void> {
      await db
        .updateTable("connected_users")
        .set({ last_active_at: sql`now()` })
        .where("id", "=", id)
        .where("last_active_at", "<", sql<Date>`now() - interval '10 minutes'`)
        .execute();
    },

    /** Merges the keys given into the user's metadata, in one statement. */
    async mergeMeta(id: string, meta: Record<string, unknown>): Promise<ConnectedUser> {
      const row = await db
        .updateTable("connected_users")
        .set({
          meta: sql`meta || ${JSON.stringify(meta)}::jsonb`,
          updated_at: sql`now()`,
        })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return toConnectedUser(row);
    },
  };
}

export type ConnectedUserStore = ReturnType<typeof createConnectedUserStore>;

function toConnectedUser(row: Selectable<Database["connected_users"]>): ConnectedUser {
  return {
    id: row.id,
    projectId: row.project_id,
    externalId: row.external_id,
    meta: row.meta,
    createdAt: row.created_at,
  };
}
