import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";

/** Tells of the queue of all processes. */
export interface RunQueue {
  /** How many runs are in it, and for how long the one that has been there longest. */
  read(): Promise<{ count: number; oldestAgeS: number }>;
}

/** Reads runs that are queued, and no others: there is an index of them. */
export function createRunQueue(db: Kysely<Database>): RunQueue {
  return {
    async read() {
      const { rows } = await sql<{ count: string; age_s: number }>`
        select count(*) as count,
          coalesce(extract(epoch from clock_timestamp() - min(updated_at)), 0)::float8 as age_s
        from runs where status = 'queued'
      `.execute(db);
      const [row] = rows;
      return { count: Number(row?.count ?? 0), oldestAgeS: Math.max(0, row?.age_s ?? 0) };
    },
  };
}
