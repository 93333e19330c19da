import { AppError } from "@tenon/connector";
import { Kysely, PostgresDialect } from "kysely";
import type { ClientConfig, Pool } from "pg";
import { createPool } from "./create-pool.ts";
import type { DatabaseErrorCode } from "./database-error-code.ts";
import { oldestMajor } from "./embedded/find-programs.ts";
import { startEmbeddedPostgres } from "./embedded/start-embedded-postgres.ts";
import type { Database } from "./tables.ts";

export interface DatabaseOptions {
  /** A PostgreSQL of your own; without it, Tenon runs one in its data folder. */
  databaseUrl?: string | undefined;
  /** The folder that Tenon keeps its state in. */
  dataDir: string;
  /** Told about what takes time, and about restarts of a server that died. */
  onProgress?: (message: string) => void;
}

export interface OpenDatabase {
  kysely: Kysely<Database>;
  pool: Pool;
  /** For connections outside the pool, such as the change feed's. */
  connectionConfig: ClientConfig;
  /** Waits for queries under way, closes the pool, and ends the server if it is ours. */
  stop(): Promise<void>;
}

/**
 * Opens the database: the one of `databaseUrl`; else our own, with the PostgreSQL from npm; else
 * our own, with the system's PostgreSQL. Where there is none, the error says what to do.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined) {
    const opened = connect({ connectionString: options.databaseUrl });
    try {
      await assertUsable(opened.pool, options.databaseUrl);
      return opened;
    } catch (error) {
      await opened.stop();
      throw error;
    }
  }
  const server = await startEmbeddedPostgres(options);
  const opened = connect(server.connectionConfig);
  return {
    ...opened,
    async stop() {
      await opened.stop();
      await server.stop();
    },
  };
}

function connect(connectionConfig: ClientConfig): OpenDatabase {
  const pool = createPool(connectionConfig);
  const kysely = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return {
    kysely,
    pool,
    connectionConfig,
    async stop() {
      if (!pool.ending) await pool.end();
    },
  };
}

async function assertUsable(pool: Pool, databaseUrl: string): Promise<void> {
  const version = await readVersion(pool).catch((cause: unknown) => {
    throw new AppError<DatabaseErrorCode>(
      "database_unreachable",
      503,
      `The database of DATABASE_URL (${withoutSecrets(databaseUrl)}) cannot be reached: ` +
        `${reasonOf(cause)}. Check that the server runs and that the address, user, password ` +
        "and database name are right.",
      { cause },
    );
  });
  if (version >= oldestMajor * 10_000) return;
  throw new AppError<DatabaseErrorCode>(
    "database_unsupported",
    503,
    `The database of DATABASE_URL (${withoutSecrets(databaseUrl)}) is PostgreSQL ` +
      `${Math.floor(version / 10_000)}; Tenon needs ${oldestMajor} or newer. Upgrade the server, ` +
      "or unset DATABASE_URL to let Tenon run its own.",
  );
}

async function readVersion(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  return Number(rows[0]?.version);
}

/** An error from connecting to several addresses of one name has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

function withoutSecrets(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return "which is not a URL";
  const { host, pathname } = new URL(databaseUrl);
  return `${decodeURIComponent(host)}${pathname}`;
}
