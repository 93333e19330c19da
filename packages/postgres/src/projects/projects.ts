import { type Kysely, type Selectable, sql } from "kysely";
import * as z from "zod";
import { isUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";

/** Limits of runs at a time, and how long they are kept. Null: as the operator set. */
const RunPolicy = z.object({
  perProject: z.int().nullish(),
  perUser: z.int().nullish(),
  historyDays: z.int().nullish(),
});
export type RunPolicy = z.output<typeof RunPolicy>;

export interface Project {
  id: string;
  title: string;
  allowedOrigins: string[];
  runPolicy: RunPolicy;
  createdAt: Date;
}

/** Reads and writes projects. */
export function createProjectStore(db: Kysely<Database>) {
  return {
    async list(): Promise<Project[]> {
      const rows = await db.selectFrom("projects").selectAll().orderBy("created_at").execute();
      return rows.map(toProject);
    },

    async find(id: string): Promise<Project | undefined> {
      if (!isUuid(id)) return undefined;
      const row = await db
        .selectFrom("projects")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row && toProject(row);
    },

    /** Undefined where a project with this id exists. */
    async create(
      project: Omit<Project, "createdAt" | "runPolicy"> & { sealedDataKey: Buffer },
    ): Promise<Project | undefined> {
      const row = await db
        .insertInto("projects")
        .values({
          id: project.id,
          title: project.title,
          allowed_origins: project.allowedOrigins,
          sealed_data_key: project.sealedDataKey,
        })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .returningAll()
        .executeTakeFirst();
      return row && toProject(row);
    },

    async update(
      id: string,
      change: {
        title?: string | undefined;
        allowedOrigins?: string[] | undefined;
        /** What is left out stays as it is. */
        runPolicy?: RunPolicy | undefined;
      },
    ): Promise<Project | undefined> {
      const row = await db
        .updateTable("projects")
        .set({
          ...(change.title !== undefined && { title: change.title }),
          ...(change.allowedOrigins && { allowed_origins: change.allowedOrigins }),
          ...(change.runPolicy && {
            run_policy: sql`run_policy || ${JSON.stringify(change.runPolicy)}::jsonb`,
          }),
          updated_at: new Date(),
        })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirst();
      return row && toProject(row);
    },

    /** The allowed origins of all projects together, each once. */
    async allAllowedOrigins(): Promise<string[]> {
      const rows = await db.selectFrom("projects").select("allowed_origins").execute();
      return [...new Set(rows.flatMap((row) => row.allowed_origins))];
    },
  };
}

export type ProjectStore = ReturnType<typeof createProjectStore>;

function toProject(row: Selectable<Database["projects"]>): Project {
  return {
    id: row.id,
    title: row.title,
    allowedOrigins: row.allowed_origins,
    runPolicy: RunPolicy.parse(row.run_policy),
    createdAt: row.created_at,
  };
}
