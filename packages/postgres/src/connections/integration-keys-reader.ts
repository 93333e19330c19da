import type { IntegrationKeysReader } from "@tenon/connections";
import type { Kysely } from "kysely";
import type { Database } from "../tables.ts";

/** Reads which app an integration signs its users in with. */
export function createIntegrationKeysReader(db: Kysely<Database>): IntegrationKeysReader {
  return {
    async find(integrationId) {
      const row = await db
        .selectFrom("integrations")
        .select(["id", "project_id", "connector_id", "client_id", "sealed_client_secret"])
        .where("id", "=", integrationId)
        .executeTakeFirst();
      return (
        row && {
          id: row.id,
          projectId: row.project_id,
          connectorId: row.connector_id,
          clientId: row.client_id,
          sealedClientSecret: row.sealed_client_secret,
        }
      );
    },
  };
}
