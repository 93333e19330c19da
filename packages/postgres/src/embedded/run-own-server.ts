import { rm, stat } from "node:fs/promises";
import { AppError } from "@tenon/connector";
import type { DatabaseErrorCode } from "../database-error-code.ts";
import { chooseAccount } from "./choose-account.ts";
import {
  createDataDirectory,
  dataDirectoryOf,
  giveToAccount,
  readDataMajor,
} from "./data-directory.ts";
import { findPrograms, oldestMajor } from "./find-programs.ts";
import { chooseLoopbackAddress } from "./loopback-address.ts";
import type { OwnerLock, ServerAddress } from "./owner-lock.ts";
import type { Account } from "./run-program.ts";
import { createRuntimeFolder, type RuntimeFolder } from "./runtime-folder.ts";
import { ServerProcess } from "./server-process.ts";

export interface OwnServerOptions {
  folder: string;
  lock: OwnerLock;
  onProgress: (message: string) => void;
}

export interface OwnServer {
  address: ServerAddress;
  /** Ends the server and gives the folder free. May be called more than once. */
  stop(): Promise<void>;
}

/** Runs the server of a folder that we own; gives the folder free again when that fails. */
export async function runOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const { folder, lock, onProgress } = options;
  const cleanUps: (() => Promise<void>)[] = [() => lock.release()];
  const cleanUp = async () => {
    for (const step of cleanUps.splice(0).toReversed()) await step();
  };
  try {
    const dataDirectory = dataDirectoryOf(folder);
    await assertDataIsOurs(dataDirectory);
    const account = await chooseAccount(dataDirectory);
    const runtime = await createRuntimeFolder(folder, account);
    if (!runtime.isOwn) {
      cleanUps.push(() => rm(runtime.path, { recursive: true, force: true }));
    }
    const { programs, address } = await prepareData({ folder, account, runtime, onProgress });
    const server = await ServerProcess.start({ folder, programs, account, address, onProgress });
    cleanUps.push(() => server.stop());
    await lock.tellRunning(address);
    let stopped: Promise<void> | undefined;
    return { address, stop: () => (stopped ??= cleanUp()) };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

interface PrepareOptions {
  folder: string;
  account: Account | undefined;
  runtime: RuntimeFolder;
  onProgress: (message: string) => void;
}

async function prepareData(options: PrepareOptions) {
  const { folder, account, runtime, onProgress } = options;
  const major = await readDataMajor(folder);
  const found = await findPrograms({
    folder,
    account,
    major,
    reachableFolder: runtime.isOwn ? folder : runtime.path,
  });
  if ("refusals" in found) throw noPrograms(folder, major, found.refusals);
  const { programs } = found;
  const address = await chooseAddress(folder, runtime);
  if (major === undefined) {
    onProgress(`Making the database in ${folder} (once)`);
    await createDataDirectory({ folder, account, programs, ...address });
  } else if (account) {
    await giveToAccount(dataDirectoryOf(folder), account);
  }
  return { programs, address };
}

async function chooseAddress(folder: string, runtime: RuntimeFolder): Promise<ServerAddress> {
  const names = { user: "tenon", database: "tenon" };
  if (process.platform === "win32") return { ...names, ...(await chooseLoopbackAddress(folder)) };
  return { ...names, host: runtime.socketFolder, port: 5432 };
}

/** Data that another user made cannot be used by us; root can, by running as that user. */
async function assertDataIsOurs(dataDirectory: string): Promise<void> {
  const uid = process.getuid?.();
  const data = await stat(dataDirectory).catch(() => undefined);
  if (!data || uid === undefined || uid === 0 || data.uid === uid) return;
  throw new AppError<DatabaseErrorCode>(
    "database_start_failed",
    503,
    `The data in ${dataDirectory} belongs to user id ${data.uid}, and this process runs as ${uid}. ` +
      "Start Tenon as the user that started it before, or give the folder to this one with chown.",
  );
}

function noPrograms(
  folder: string,
  major: number | undefined,
  refusals: string[],
): AppError<DatabaseErrorCode> {
  const tried = refusals.length === 0 ? "" : ` Tried: ${refusals.join("; ")}.`;
  const message =
    major === undefined
      ? `No PostgreSQL runs here.${tried} Install PostgreSQL ${oldestMajor} or newer (on Alpine: ` +
        "apk add postgresql), or set DATABASE_URL to a server."
      : `The data in ${folder} was made by PostgreSQL ${major}, and no PostgreSQL ${major} runs ` +
        `here.${tried} Install PostgreSQL ${major}, or bring the data to a newer server with ` +
        "pg_dump and set DATABASE_URL.";
  return new AppError("database_unsupported", 503, message);
}
