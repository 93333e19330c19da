import type { AppEvent, AppEventStore } from "@tenon/runtime";
import { type Kysely, type Selectable, sql } from "kysely";
import * as z from "zod";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { orConflict } from "./unique.ts";

/** Stores app events. */
export function createAppEventStore(db: Kysely<Database>): AppEventStore {
  return {
    async list(projectId) {
      const rows = await db
        .selectFrom("app_events")
        .selectAll()
        .where("project_id", "=", projectId)
        .orderBy("name")
        .execute();
      return rows.map(toAppEvent);
    },

    async find(projectId, eventId) {
      if (!isUuid(eventId)) return undefined;
      const row = await db
        .selectFrom("app_events")
        .selectAll()
        .where("id", "=", eventId)
        .where("project_id", "=", projectId)
        .executeTakeFirst();
      return row && toAppEvent(row);
    },

    create: ({ id, projectId, name, schema, sample }) =>
      orConflict(async () => {
        const row = await db
          .insertInto("app_events")
          .values({
            id,
            project_id: projectId,
            name,
            schema: JSON.stringify(schema),
            sample: JSON.stringify(sample),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toAppEvent(row);
      }),

    update: (projectId, eventId, { name, schema, sample }) =>
      orConflict(async () => {
        const row = await db
          .updateTable("app_events")
          .set({
            name,
            ...(schema && { schema: JSON.stringify(schema) }),
            ...(sample && { sample: JSON.stringify(sample) }),
            updated_at: sql`clock_timestamp()`,
          })
          .where("id", "=", eventId)
          .where("project_id", "=", projectId)
          .returningAll()
          .executeTakeFirst();
        return row && toAppEvent(row);
      }),

    async remove(projectId, eventId) {
      const row = await db
        .deleteFrom("app_events")
        .where("id", "=", eventId)
        .where("project_id", "=", projectId)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

const JsonObject = z.record(z.string(), z.unknown());

function toAppEvent(row: Selectable<Database["app_events"]>): AppEvent {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    schema: JsonObject.parse(row.schema),
    sample: JsonObject.parse(row.sample),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
