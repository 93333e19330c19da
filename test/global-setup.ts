import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../packages/postgres/src/embedded/start-embedded-postgres.ts";
import { migrate } from "../packages/postgres/src/migrate.ts";
import { openDatabase } from "../packages/postgres/src/open-database.ts";
import { buildFrontEnds } from "../apps/server/src/front-ends.ts";
import { ensureChromium } from "./browser.ts";

/**
 * Makes sure of a browser, builds the front ends, then starts one PostgreSQL for the whole run and migrates its database, which `createTestDatabase`
 * copies for each test file.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await ensureChromium();
  await buildFrontEnds((message) => console.log(message));
  const dataDir = await mkdtemp(join(tmpdir(), "tenon-tests-"));
  // As root, PostgreSQL runs as another account, which goes through this folder.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir });
  const database = await openDatabase({ databaseUrl: server.connectionString, dataDir });
  await migrate(database.kysely);
  await database.stop();
  project.provide("testServer", server.connectionConfig);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
