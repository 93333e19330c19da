import { randomUUID } from "node:crypto";
import {
  chown,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "@tenon/connector";
import type { DatabaseErrorCode } from "../database-error-code.ts";
import { assertAccountHasName } from "./choose-account.ts";
import type { Programs } from "./find-programs.ts";
import { isReachable } from "./reachable.ts";
import { type Account, runProgram } from "./run-program.ts";
import { tailOf } from "./server-log.ts";

export interface DataDirectoryOptions {
  folder: string;
  programs: Programs;
  account: Account | undefined;
  user: string;
  /** Asked of every client; on Unix none, for the socket's folder is closed to others. */
  password?: string | undefined;
}

/** Where PostgreSQL keeps the data. */
export function dataDirectoryOf(folder: string): string {
  return join(folder, "data");
}

/** The major version that made the data, or undefined when there is none yet. */
export async function readDataMajor(folder: string): Promise<number | undefined> {
  try {
    return Number(await readFile(join(dataDirectoryOf(folder), "PG_VERSION"), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Makes the data directory under a name of its own and gives it its right name when it is
 * complete: what is left of an interrupted try is thrown away by the next.
 */
export async function createDataDirectory(options: DataDirectoryOptions): Promise<void> {
  const { folder, account, programs, password } = options;
  if (!account && process.platform !== "win32") assertAccountHasName();
  await removeDrafts(folder);
  const draft = join(folder, `${draftPrefix}${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  if (account) await chown(draft, account.uid, account.gid);
  const passwordFile = `${draft}.password`;
  if (password !== undefined) await writeFile(passwordFile, password, { mode: 0o600 });
  const { outcome, output, errorOutput } = await runProgram(
    join(programs.folder, "initdb"),
    [
      `--pgdata=${await pathForServer(draft, account)}`,
      `--username=${options.user}`,
      "--encoding=UTF8",
      "--no-instructions",
      ...localeArguments(programs.major),
      ...(password === undefined
        ? ["--auth=trust"]
        : ["--auth=scram-sha-256", `--pwfile=${passwordFile}`]),
    ],
    { account, cwd: draft, env: { ...programs.env, LC_ALL: "C", TZ: "UTC" } },
  );
  if (outcome !== 0) {
    await removeDrafts(folder);
    throw new AppError<DatabaseErrorCode>(
      "database_start_failed",
      503,
      `PostgreSQL could not make its data folder in ${folder} (initdb: ${outcome}). ` +
        `It said: ${tailOf(errorOutput.trim() || output.trim())}`,
    );
  }
  await rename(draft, dataDirectoryOf(folder));
  await keepNames(folder);
  await removeDrafts(folder);
}

/**
 * How the server names the data directory: by its path, or through its own working directory when
 * a folder on the way is closed to its account (data below root's home).
 */
export async function pathForServer(
  directory: string,
  account: Account | undefined,
): Promise<string> {
  if (process.platform !== "linux" || (await isReachable(directory, account))) return directory;
  return "/proc/self/cwd";
}

/** Files restored from a backup by root belong to root; PostgreSQL wants them to be its own. */
export async function giveToAccount(directory: string, account: Account): Promise<void> {
  const { uid } = await stat(directory);
  if (uid === account.uid) return;
  await runProgram("chown", ["-R", `${account.uid}:${account.gid}`, directory]);
}

/** Makes sure that the new folders' names outlast a power cut too, not only what is in them. */
async function keepNames(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  for (const path of [folder, dirname(folder)]) {
    const handle = await open(path);
    await handle.sync();
    await handle.close();
  }
}

const draftPrefix = "data-draft-";

async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(draftPrefix));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** Sorting and case rules that come with PostgreSQL do not change when the system's do. */
function localeArguments(major: number): string[] {
  if (major < 17) return ["--locale=C"];
  return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
}
