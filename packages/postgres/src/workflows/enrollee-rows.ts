import type { Enrollee } from "@tenon/runtime";
import type { Kysely } from "kysely";
import { selectConnections, toConnection } from "../connections/connection-rows.ts";
import type { Database } from "../tables.ts";

/** Connections with their users: those of the ids, with all their configurations, oldest first. */
export async function readEnrollees(
  db: Kysely<Database>,
  connectionIds: readonly string[],
): Promise<Enrollee[]> {
  if (connectionIds.length === 0) return [];
  const rows = await selectConnections(db)
    .innerJoin("connected_users as enrolled", "enrolled.id", "connections.user_id")
    .select(["enrolled.external_id as user_external_id", "enrolled.meta as user_meta"])
    .where("connections.id", "in", [...new Set(connectionIds)])
    .execute();
  return rows.flatMap((row) => {
    const connection = toConnection(row);
    const user = {
      id: connection.userId,
      projectId: connection.projectId,
      externalId: row.user_external_id,
      meta: row.user_meta,
    };
    return connection.configurations.map((configuration) => ({ user, connection, configuration }));
  });
}
