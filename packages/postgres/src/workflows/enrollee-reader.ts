import type { Enrollee, EnrollmentStore } from "@tenon/runtime";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { readEnrollees } from "./enrollee-rows.ts";

type ReaderParts = Pick<EnrollmentStore, "findUser" | "list" | "listEnabled" | "listUnsettled">;

/** Reads configurations with whom they belong to. */
export function createEnrolleeReader(db: Kysely<Database>): ReaderParts {
  return {
    async findUser(projectId, by) {
      if ("id" in by && !isUuid(by.id)) return undefined;
      const row = await db
        .selectFrom("connected_users")
        .select(["id", "external_id", "meta"])
        .where("project_id", "=", projectId)
        .where((eb) => ("id" in by ? eb("id", "=", by.id) : eb("external_id", "=", by.externalId)))
        .executeTakeFirst();
      return row && { id: row.id, projectId, externalId: row.external_id, meta: row.meta };
    },

    async list(projectId, of) {
      const isOfUser = "userId" in of;
      const id = isOfUser ? of.userId : of.connectionId;
      if (!isUuid(id)) return [];
      const rows = await db
        .selectFrom("connections")
        .select("id")
        .where("project_id", "=", projectId)
        .where(isOfUser ? "user_id" : "id", "=", id)
        .execute();
      return readEnrollees(
        db,
        rows.map((row) => row.id),
      );
    },

    async listEnabled(workflowId, page) {
      const enabled = JSON.stringify({ [workflowId]: { enabled: true } });
      const rows = await selectPage(db, page)
        .where(sql<boolean>`workflow_settings @> ${enabled}::jsonb`)
        .execute();
      return readPage(db, rows);
    },

    async listUnsettled({ changedWithinMs, ...page }) {
      const since = sql<Date>`clock_timestamp() - make_interval(secs => ${(changedWithinMs ?? 0) / 1000})`;
      const rows = await selectPage(db, page)
        .innerJoin("connections", "connections.id", "configurations.connection_id")
        .where("connections.status", "=", "VALID")
        .where(
          sql<boolean>`not (
            meta @> '{"areDefaultsApplied": true, "isIntegrationEnableTriggered": true}'
          )`,
        )
        .$if(changedWithinMs !== undefined, (query) =>
          query.where((eb) =>
            eb.or([
              eb("configurations.updated_at", ">", since),
              eb("connections.updated_at", ">", since),
            ]),
          ),
        )
        .execute();
      return readPage(db, rows);
    },
  };
}

/** Configurations that a query names, in the order of their ids. */
async function readPage(
  db: Kysely<Database>,
  page: readonly { id: string; connection_id: string }[],
): Promise<Enrollee[]> {
  const connectionIds = page.map((row) => row.connection_id);
  const enrollees = await readEnrollees(db, connectionIds);
  const byId = new Map(enrollees.map((one) => [one.configuration.id, one]));
  return page.flatMap(({ id }) => byId.get(id) ?? []);
}

function selectPage(
  db: Kysely<Database>,
  { after, limit }: { after: string | undefined; limit: number },
) {
  return db
    .selectFrom("configurations")
    .select(["configurations.id", "configurations.connection_id"])
    .$if(after !== undefined, (query) => query.where("configurations.id", ">", after ?? ""))
    .orderBy("configurations.id")
    .limit(limit);
}
