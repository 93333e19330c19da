import { Client } from "pg";
import type { TestDatabase } from "../../testing/test-database.ts";

/** Makes a test's database refuse and drop every connection, as one that is down; or ends that. */
export async function setDatabaseUp(database: TestDatabase, isUp: boolean): Promise<void> {
  const { connectionConfig } = database;
  const admin = new Client({ ...connectionConfig, database: "postgres" });
  await admin.connect();
  await admin.query(`alter database ${connectionConfig.database} with allow_connections ${isUp}`);
  if (!isUp) {
    const drop = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
    await admin.query(drop, [connectionConfig.database]);
  }
  await admin.end();
}
