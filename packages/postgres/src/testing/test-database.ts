import { randomUUID } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import { Client, escapeIdentifier, type Pool } from "pg";
import { inject } from "vitest";
import { createPool } from "../create-pool.ts";
import type { ServerAddress } from "../embedded/owner-lock.ts";
import { toConnectionString } from "../embedded/connection-string.ts";
import type { Database } from "../tables.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The test run's server; its database is migrated and serves as the template. */
    testServer: ServerAddress;
  }
}

export interface TestDatabase {
  kysely: Kysely<Database>;
  pool: Pool;
  connectionConfig: ServerAddress;
  /** Works in child processes too. */
  connectionString: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Makes a migrated database of its own, which is dropped when disposed of. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject("testServer");
  const database = `test_${randomUUID().replaceAll("-", "")}`;
  const template = escapeIdentifier(server.database);
  await administer(server, `create database ${database} with template ${template}`);
  const connectionConfig = { ...server, database };
  const pool = createPool(connectionConfig);
  return {
    kysely: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }),
    pool,
    connectionConfig,
    connectionString: toConnectionString(connectionConfig),
    async [Symbol.asyncDispose]() {
      if (!pool.ending) await pool.end();
      await administer(server, `drop database if exists ${database} with (force)`);
    },
  };
}

async function administer(server: ServerAddress, statement: string): Promise<void> {
  const client = new Client({ ...server, database: "postgres" });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
