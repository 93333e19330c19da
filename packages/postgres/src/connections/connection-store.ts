import type {
  ConfigurationChange,
  Connection,
  ConnectionStore,
  UserScope,
} from "@tenon/connections";
import { type Kysely, sql } from "kysely";
import { DatabaseError } from "pg";
import type { Database } from "../tables.ts";
import { selectConnections, toConnection } from "./connection-rows.ts";
import { isUuid } from "../is-uuid.ts";

const uniqueViolation = "23505";

/** Reads and changes connections, each within its user and project. */
export function createConnectionStore(db: Kysely<Database>): ConnectionStore {
  return {
    find: (scope, id) => findConnection(db, scope, id),

    async list(scope, { integrationId } = {}) {
      const rows = await selectConnections(db)
        .where("connections.project_id", "=", scope.projectId)
        .where("connections.user_id", "=", scope.userId)
        .$if(integrationId !== undefined, (query) =>
          query.where("connections.integration_id", "=", integrationId ?? ""),
        )
        .execute();
      return rows.map(toConnection);
    },

    async updateExternalId(scope, id, externalId) {
      if (!isUuid(id)) return undefined;
      try {
        await db
          .updateTable("connections")
          .set({ external_id: externalId, updated_at: sql`now()` })
          .where("id", "=", id)
          .where("project_id", "=", scope.projectId)
          .where("user_id", "=", scope.userId)
          .execute();
      } catch (error) {
        if (error instanceof DatabaseError && error.code === uniqueViolation) return "conflict";
        throw error;
      }
      return findConnection(db, scope, id);
    },

    async updateConfiguration(scope, target, change) {
      const { connectionId, configurationId } = target;
      if (configurationId !== undefined && !isUuid(configurationId)) return undefined;
      const connection = await findConnection(db, scope, connectionId);
      if (connection === undefined) return undefined;
      const updated = await db
        .updateTable("configurations")
        .set({ ...toColumns(change), updated_at: sql`now()` })
        .where("connection_id", "=", connection.id)
        .where((eb) =>
          configurationId === undefined
            ? eb("is_default", "=", true)
            : eb("id", "=", configurationId),
        )
        .returning("id")
        .executeTakeFirst();
      return updated && findConnection(db, scope, connectionId);
    },

    async remove(scope, id) {
      if (!isUuid(id)) return undefined;
      return db.transaction().execute(async (transaction) => {
        const connection = await findConnection(transaction, scope, id);
        const deleted = await transaction
          .deleteFrom("connections")
          .where("id", "=", id)
          .where("project_id", "=", scope.projectId)
          .where("user_id", "=", scope.userId)
          .returning("sealed_tokens")
          .executeTakeFirst();
        return connection && deleted && { connection, sealedTokens: deleted.sealed_tokens };
      });
    },
  };
}

async function findConnection(
  db: Kysely<Database>,
  scope: UserScope,
  id: string,
): Promise<Connection | undefined> {
  if (!isUuid(id)) return undefined;
  const row = await selectConnections(db)
    .where("connections.id", "=", id)
    .where("connections.project_id", "=", scope.projectId)
    .where("connections.user_id", "=", scope.userId)
    .executeTakeFirst();
  return row && toConnection(row);
}

function toColumns({ workflowSettings, sharedSettings, meta }: ConfigurationChange) {
  return {
    ...(workflowSettings && { workflow_settings: JSON.stringify(workflowSettings) }),
    ...(sharedSettings && { shared_settings: JSON.stringify(sharedSettings) }),
    ...(meta && { meta: JSON.stringify(meta) }),
  };
}
