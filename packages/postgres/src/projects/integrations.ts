import type { Kysely, Selectable } from "kysely";
import type { Database } from "../tables.ts";

export interface Integration {
  id: string;
  projectId: string;
  connectorId: string;
  isActive: boolean;
  /** Null: development keys serve. */
  clientId: string | null;
  sealedClientSecret: Buffer | null;
  /** Texts and colour of the Connect Portal. */
  portal: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

/** What is undefined stays as it is. */
type Change = {
  [Key in "isActive" | "clientId" | "sealedClientSecret" | "portal"]?: Integration[Key] | undefined;
};

/** Reads and writes the connectors enabled in a project. */
export function createIntegrationStore(db: Kysely<Database>) {
  return {
    async list(projectId: string): Promise<Integration[]> {
      const rows = await db
        .selectFrom("integrations")
        .selectAll()
        .where("project_id", "=", projectId)
        .orderBy("created_at")
        .execute();
      return rows.map(toIntegration);
    },

    async find(projectId: string, connectorId: string): Promise<Integration | undefined> {
      const row = await db
        .selectFrom("integrations")
        .selectAll()
        .where("project_id", "=", projectId)
        .where("connector_id", "=", connectorId)
        .executeTakeFirst();
      return row && toIntegration(row);
    },

    /** Creates the integration where the project has none, else changes what is given. */
    async put(
      key: Pick<Integration, "id" | "projectId" | "connectorId">,
      change: Change,
    ): Promise<Integration> {
      const columns = toColumns(change);
      const row = await db
        .insertInto("integrations")
        .values({
          id: key.id,
          project_id: key.projectId,
          connector_id: key.connectorId,
          ...columns,
        })
        .onConflict((conflict) =>
          conflict
            .columns(["project_id", "connector_id"])
            .doUpdateSet({ ...columns, updated_at: new Date() }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      return toIntegration(row);
    },
  };
}

export type IntegrationStore = ReturnType<typeof createIntegrationStore>;

function toColumns(change: Change) {
  return {
    ...(change.isActive !== undefined && { is_active: change.isActive }),
    ...(change.clientId !== undefined && { client_id: change.clientId }),
    ...(change.sealedClientSecret !== undefined && {
      sealed_client_secret: change.sealedClientSecret,
    }),
    ...(change.portal && { portal: JSON.stringify(change.portal) }),
  };
}

function toIntegration(row: Selectable<Database["integrations"]>): Integration {
  return {
    id: row.id,
    projectId: row.project_id,
    connectorId: row.connector_id,
    isActive: row.is_active,
    clientId: row.client_id,
    sealedClientSecret: row.sealed_client_secret,
    portal: row.portal,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
