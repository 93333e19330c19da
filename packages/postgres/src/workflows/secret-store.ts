import type { EnvironmentSecret, SecretStore } from "@tenon/runtime";
import { type Kysely, type Selectable, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { orConflict } from "./unique.ts";

/** Stores environment secrets; what it is given and answers is sealed. */
export function createSecretStore(db: Kysely<Database>): SecretStore {
  return {
    async list(projectId) {
      const rows = await db
        .selectFrom("environment_secrets")
        .select(columns)
        .where("project_id", "=", projectId)
        .orderBy("name")
        .execute();
      return rows.map(toSecret);
    },

    async find(projectId, secretId) {
      if (!isUuid(secretId)) return undefined;
      const row = await db
        .selectFrom("environment_secrets")
        .select(columns)
        .where("id", "=", secretId)
        .where("project_id", "=", projectId)
        .executeTakeFirst();
      return row && toSecret(row);
    },

    create: ({ id, projectId, name, sealedValue }) =>
      orConflict(async () => {
        const row = await db
          .insertInto("environment_secrets")
          .values({ id, project_id: projectId, name, sealed_value: sealedValue })
          .returning(columns)
          .executeTakeFirstOrThrow();
        return toSecret(row);
      }),

    async replace(projectId, secretId, sealedValue) {
      const row = await db
        .updateTable("environment_secrets")
        .set({ sealed_value: sealedValue, updated_at: sql`clock_timestamp()` })
        .where("id", "=", secretId)
        .where("project_id", "=", projectId)
        .returning(columns)
        .executeTakeFirst();
      return row && toSecret(row);
    },

    async remove(projectId, secretId) {
      const row = await db
        .deleteFrom("environment_secrets")
        .where("id", "=", secretId)
        .where("project_id", "=", projectId)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },

    async readSealed(projectId) {
      const rows = await db
        .selectFrom("environment_secrets")
        .select(["id", "name", "sealed_value"])
        .where("project_id", "=", projectId)
        .execute();
      return rows.map(({ id, name, sealed_value: sealedValue }) => ({ id, name, sealedValue }));
    },
  };
}

const columns = ["id", "project_id", "name", "created_at", "updated_at"] as const;

type SecretRow = Pick<Selectable<Database["environment_secrets"]>, (typeof columns)[number]>;

function toSecret(row: SecretRow): EnvironmentSecret {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
