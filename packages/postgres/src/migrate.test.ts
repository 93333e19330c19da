import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { afterEach, beforeEach, expect, it } from "vitest";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations/index.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
});

async function makeEmpty(): Promise<void> {
  await database.pool.query("drop schema public cascade; create schema public");
}

async function listTables(): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  return rows.map(({ name }) => name);
}

it("makes the tables once, however many processes start at once", async () => {
  const expected = await listTables();
  await makeEmpty();
  const script = join(import.meta.dirname, "testing/migrate-once.ts");
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [script, database.connectionString], { stdio: "inherit" }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(await listTables()).toEqual(expected);
  expect(expected).toContain("connections");
});

it("does nothing to a database that is up to date", async () => {
  await migrate(database.kysely);
  const { rows } = await database.pool.query("select name from kysely_migration order by name");
  expect(rows).toEqual(Object.keys(migrations).map((name) => ({ name })));
});

it("refuses a database that a newer version has migrated", async () => {
  await database.pool.query("insert into kysely_migration values ('9999-of-the-future', now())");
  await expect(migrate(database.kysely)).rejects.toMatchObject({
    code: "database_newer",
    message: expect.stringContaining("9999-of-the-future"),
  });
});

it("changes nothing when a migration fails", async () => {
  const failing = {
    ...migrations,
    "9998-half-done": {
      async up(db: Kysely<unknown>) {
        await sql`create table half_done (id integer)`.execute(db);
        await sql`select no_such_function()`.execute(db);
      },
    },
  };
  await makeEmpty();
  await expect(migrate(database.kysely, failing)).rejects.toMatchObject({
    code: "database_migration_failed",
    message: expect.stringContaining("no_such_function"),
  });
  expect(await listTables()).toEqual(["kysely_migration", "kysely_migration_lock"]);
  await migrate(database.kysely);
  expect(await listTables()).toContain("connections");
});
