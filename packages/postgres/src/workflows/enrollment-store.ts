import type { EnrollmentStore } from "@tenon/runtime";
import type { Kysely } from "kysely";
import { selectConnections, toConnection } from "../connections/connection-rows.ts";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { changeConfiguration } from "./change-configuration.ts";
import { createEnrolleeReader } from "./enrollee-reader.ts";
import { orConflict } from "./unique.ts";

/** Stores enrollments, each within its user and project. */
export function createEnrollmentStore(db: Kysely<Database>): EnrollmentStore {
  return { ...createConfigurations(db), ...createEnrolleeReader(db) };
}

function createConfigurations(
  db: Kysely<Database>,
): Pick<EnrollmentStore, "change" | "create" | "remove"> {
  async function findConnection(at: { projectId: string; userId: string; connectionId: string }) {
    if (!isUuid(at.connectionId)) return undefined;
    const row = await selectConnections(db)
      .where("connections.id", "=", at.connectionId)
      .where("connections.project_id", "=", at.projectId)
      .where("connections.user_id", "=", at.userId)
      .executeTakeFirst();
    return row && toConnection(row);
  }

  return {
    async change(target, decide) {
      if (!isUuid(target.connectionId) || !isUuid(target.configurationId)) return undefined;
      return db
        .transaction()
        .execute((transaction) => changeConfiguration(transaction, target, decide));
    },

    async create(target, { id, externalId }) {
      if ((await findConnection(target)) === undefined) return undefined;
      const made = await orConflict(async () => {
        await db
          .insertInto("configurations")
          .values({
            id,
            project_id: target.projectId,
            connection_id: target.connectionId,
            external_id: externalId,
            workflow_settings: "{}",
            shared_settings: "{}",
            meta: "{}",
          })
          .execute();
      });
      return made === "conflict" ? made : findConnection(target);
    },

    async remove(target) {
      const connection = await findConnection(target);
      if (connection === undefined) return undefined;
      const removed = await db
        .deleteFrom("configurations")
        .where("id", "=", target.configurationId)
        .where("connection_id", "=", connection.id)
        .where("is_default", "=", false)
        .returning("id")
        .executeTakeFirst();
      return removed && findConnection(target);
    },
  };
}
