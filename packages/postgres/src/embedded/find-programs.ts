import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type PackagedOptions, locatePackaged } from "./packaged-programs.ts";
import { type Account, runProgram } from "./run-program.ts";

/** A PostgreSQL that was tried and runs here. */
export interface Programs {
  /** Folder of `postgres` and `initdb`. */
  folder: string;
  major: number;
  env: Record<string, string>;
}

export interface FindOptions extends PackagedOptions {
  /** The major version that made the data, where there is some. */
  major: number | undefined;
}

/** Programs that fit, or for each candidate what was wrong with it. */
export type FindResult = { programs: Programs } | { refusals: string[] };

/** Oldest PostgreSQL that the migrations and queries run on. */
export const oldestMajor = 15;

/** Finds a PostgreSQL: the one from npm first, then the system's. Each is run once to be sure. */
export async function findPrograms(options: FindOptions): Promise<FindResult> {
  const refusals: string[] = [];
  const packaged = await locatePackaged(options);
  if ("refusal" in packaged) refusals.push(packaged.refusal);
  const candidates = "folder" in packaged ? [packaged] : [];
  for (const { folder, env } of [...candidates, ...listSystemCandidates()]) {
    const tried = await readMajor(join(folder, "postgres"), env, options.account);
    if (typeof tried === "string") refusals.push(tried);
    else if (options.major !== undefined && tried !== options.major) {
      refusals.push(`the programs in ${folder} are version ${tried}`);
    } else if (tried < oldestMajor) {
      refusals.push(`the programs in ${folder} are version ${tried}, older than ${oldestMajor}`);
    } else return { programs: { folder, env, major: tried } };
  }
  return { refusals };
}

/** Reads the version by running the program, as its account: that also proves its libraries load. */
async function readMajor(
  postgres: string,
  env: Record<string, string>,
  account: Account | undefined,
): Promise<number | string> {
  const { outcome, output, errorOutput } = await runProgram(postgres, ["--version"], {
    env,
    account,
  });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1]);
  if (outcome === 0 && major > 0) return major;
  return `${postgres} does not run here (${[outcome, errorOutput.trim()].filter(Boolean).join(": ")})`;
}

function listSystemCandidates(): { folder: string; env: Record<string, string> }[] {
  if (process.platform === "win32") return [];
  const folders = [findOnPath(), ...listDebianFolders()].filter((folder) => folder !== undefined);
  return [...new Set(folders)].map((folder) => ({ folder, env: {} }));
}

function findOnPath(): string | undefined {
  try {
    // The link is followed: initdb is beside the real program, not always beside the link.
    const script = 'p=$(command -v postgres) && readlink -f "$p"';
    const path = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).trim();
    return path === "" ? undefined : dirname(path);
  } catch {
    return undefined;
  }
}

/** Debian and Ubuntu keep each major version's programs in a folder outside PATH. */
function listDebianFolders(): string[] {
  const root = "/usr/lib/postgresql";
  try {
    const majors = readdirSync(root).map(Number).filter(Number.isInteger);
    return majors.toSorted((a, b) => b - a).map((major) => join(root, String(major), "bin"));
  } catch {
    return [];
  }
}
