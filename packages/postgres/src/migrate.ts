import { AppError } from "@tenon/connector";
import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { DatabaseErrorCode } from "./database-error-code.ts";
import { migrations as ownMigrations } from "./migrations/index.ts";
import type { Database } from "./tables.ts";

/**
 * Brings the tables to this version.
 *
 * - Several processes may call it at once: one works under a lock of the database, the others wait
 *   and find nothing left to do.
 * - All of it happens in one transaction: killed in the middle, nothing has changed.
 * - A database that a newer version has migrated is refused, before anything is touched.
 */
export async function migrate(
  db: Kysely<Database>,
  migrations: Record<string, Migration> = ownMigrations,
): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = (await listExecuted(db)).filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new AppError<DatabaseErrorCode>(
      "database_newer",
      503,
      `The database was migrated by a newer Tenon: this one does not know ${unknown.join(", ")}. ` +
        "Start the newer version, or restore a backup made before it.",
    );
  }
  throw new AppError<DatabaseErrorCode>(
    "database_migration_failed",
    503,
    `The database could not be migrated: ${error instanceof Error ? error.message : "unknown error"}. ` +
      "Nothing was changed.",
    { cause: error },
  );
}

async function listExecuted(db: Kysely<Database>): Promise<string[]> {
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom("kysely_migration")
    .select("name")
    .execute()
    .catch(() => []);
  return rows.map(({ name }) => name);
}
