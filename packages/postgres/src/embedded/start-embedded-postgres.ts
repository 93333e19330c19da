import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@tenon/connector";
import type { DatabaseErrorCode } from "../database-error-code.ts";
import { toConnectionString } from "./connection-string.ts";
import { claimOwner, isHeld, readOwner, type ServerAddress } from "./owner-lock.ts";
import { probeServer } from "./probe-server.ts";
import { runOwnServer } from "./run-own-server.ts";

export interface EmbeddedPostgresOptions {
  /** The folder that Tenon keeps its state in; PostgreSQL gets the folder `postgres` inside. */
  dataDir: string;
  /** Told about what takes time, and about restarts of a server that died. */
  onProgress?: (message: string) => void;
}

export interface EmbeddedPostgres {
  readonly connectionConfig: ServerAddress;
  /** The same as a URL, for child processes. */
  readonly connectionString: string;
  /** Whether another process runs the server and we are only one of its clients. */
  readonly attached: boolean;
  /** Ends the server and leaves the folder; when attached, only leaves. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL in the data folder, or joins the one another process has running there.
 *
 * - Nothing acknowledged is lost when this process, PostgreSQL or both are killed.
 * - One process at a time owns the server. When the owner is killed its server stays; the next
 *   start in this folder ends it and starts its own, at the same address.
 * - A process that joined takes over within a second when the owner ends or is killed: its
 *   connections break once, new ones work again at the same address.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => undefined);
  const folder = join(resolve(options.dataDir), "postgres");
  let current = await ownOrJoin(folder, onProgress).catch((error: unknown) => {
    throw explainRefusedAccess(error, options.dataDir);
  });
  const stopping = new AbortController();
  const watching = watchOwner();
  return {
    connectionConfig: current.address,
    connectionString: toConnectionString(current.address),
    get attached() {
      return current.attached;
    },
    async stop() {
      stopping.abort();
      await watching;
      await current.stop();
    },
  };

  async function watchOwner(): Promise<void> {
    while (current.attached) {
      await pause(takeOverPollMs, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        current = (await tryToOwn(folder, onProgress)) ?? current;
      } catch (error) {
        onProgress(error instanceof Error ? error.message : "PostgreSQL could not be taken over");
      }
    }
  }
}

interface Joined {
  address: ServerAddress;
  attached: boolean;
  stop(): Promise<void>;
}

async function ownOrJoin(folder: string, onProgress: (message: string) => void): Promise<Joined> {
  await prepareFolder(folder);
  for (;;) {
    const own = await tryToOwn(folder, onProgress);
    if (own) return own;
    const address = await waitForOwner(folder);
    if (address) return { address, attached: true, stop: async () => undefined };
  }
}

/** Runs the server, unless another process owns the folder. */
async function tryToOwn(
  folder: string,
  onProgress: (message: string) => void,
): Promise<Joined | undefined> {
  const claim = await claimOwner(folder);
  if (claim.outcome === "held") return undefined;
  const server = await runOwnServer({ folder, lock: claim.lock, onProgress });
  return { ...server, attached: false };
}

/** A process with nothing else to do may end while it watches. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, { signal, ref: false }).catch(() => undefined);
}

/** Others may go through, for PostgreSQL may run as another account, but not look around. */
async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
}

/** Says what to do about a data folder that another user has made. */
function explainRefusedAccess(error: unknown, dataDir: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") return error;
  return new AppError<DatabaseErrorCode>(
    "database_start_failed",
    503,
    `The data folder ${resolve(dataDir)} cannot be used: ${String(error)}. Start Tenon as the user ` +
      "it belongs to, name another folder in TENON_DATA, or set DATABASE_URL.",
    { cause: error },
  );
}

/** Waits for the owner's server; undefined when the owner has gone meanwhile. */
async function waitForOwner(folder: string): Promise<ServerAddress | undefined> {
  const deadline = Date.now() + ownerPatienceMs;
  while (Date.now() < deadline) {
    const owner = await readOwner(folder);
    if (!owner || !(await isHeld(owner))) return undefined;
    if (owner.address && (await probeServer(owner.address))) return owner.address;
    await delay(20);
  }
  throw new AppError<DatabaseErrorCode>(
    "database_start_failed",
    503,
    `Another process holds the data folder ${folder}, but its PostgreSQL does not answer. ` +
      `See ${join(folder, "postgres.log")}, or end that process and start again.`,
  );
}

const ownerPatienceMs = 120_000;
const takeOverPollMs = 250;
