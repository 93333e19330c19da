import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@tenon/connector";
import type { DatabaseErrorCode } from "../database-error-code.ts";
import { dataDirectoryOf, pathForServer } from "./data-directory.ts";
import type { Programs } from "./find-programs.ts";
import type { ServerAddress } from "./owner-lock.ts";
import { clearPostmaster, isReady, shutDown } from "./postmaster.ts";
import { probeServer } from "./probe-server.ts";
import type { Account } from "./run-program.ts";
import { openServerLog, type ServerLog } from "./server-log.ts";
import { serverSettings } from "./server-settings.ts";

export interface ServerOptions {
  folder: string;
  programs: Programs;
  account: Account | undefined;
  address: ServerAddress;
  onProgress: (message: string) => void;
}

/**
 * The server as a child process of ours.
 *
 * - Dies by itself: started again, at once at first, then less and less often, for as long as we
 *   live. What was acknowledged is kept; open connections end.
 * - `stop` wins over a restart that is under way.
 * - We end without `stop`: it is told to end too. We are killed: it stays, and the next owner of
 *   the folder ends it.
 * - It has a session of its own: a Ctrl-C in our terminal does not reach it, so that we can finish
 *   our work with it first.
 */
export class ServerProcess {
  readonly #options: ServerOptions;
  readonly #stopping = new AbortController();
  #running: Running | undefined;
  #supervision: Promise<void> | undefined;

  private constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Starts the server; resolves when it accepts connections. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    process.on("exit", server.#endWithUs);
    try {
      await server.#launchFirst();
    } catch (error) {
      await server.stop();
      throw error;
    }
    server.#supervision = server.#supervise();
    return server;
  }

  async stop(): Promise<void> {
    process.off("exit", this.#endWithUs);
    this.#stopping.abort();
    if (this.#running) await this.#running.shutDown();
    await this.#supervision;
  }

  readonly #endWithUs = (): void => {
    this.#running?.child.kill("SIGINT");
  };

  /**
   * Tries again what may pass: backends that outlive a killed server for a moment keep a new one
   * from starting, and the new one may be killed too.
   */
  async #launchFirst(): Promise<void> {
    const deadline = Date.now() + firstPatienceMs;
    for (;;) {
      try {
        return await this.#launch();
      } catch (error) {
        const mayPass = error instanceof Error && passing.test(error.message);
        if (!mayPass || Date.now() > deadline) throw error;
        await this.#pause(firstPauseMs);
      }
    }
  }

  async #supervise(): Promise<void> {
    let failures = 0;
    let launchedAt = Date.now();
    for (;;) {
      await this.#running?.ended;
      if (this.#stopping.signal.aborted) return;
      failures = Date.now() - launchedAt > steadyMs ? 0 : failures + 1;
      this.#options.onProgress("PostgreSQL ended unexpectedly: starting it again");
      await this.#pause(Math.min(longestPauseMs, firstPauseMs * 2 ** failures));
      if (this.#stopping.signal.aborted) return;
      launchedAt = Date.now();
      await this.#launch().then(
        () => this.#options.onProgress("PostgreSQL is running again"),
        (error: unknown) => this.#options.onProgress(String(error)),
      );
    }
  }

  async #launch(): Promise<void> {
    const { folder, address, account, programs } = this.#options;
    await clearPostmaster(dataDirectoryOf(folder), programs);
    await clearSockets(address);
    const directory = await pathForServer(dataDirectoryOf(folder), account);
    if (this.#stopping.signal.aborted) return;
    const log = openServerLog(folder);
    const running = spawnServer(this.#options, directory, log);
    this.#running = running;
    const isAccepting = await waitUntilAccepting(this.#options, running);
    if (isAccepting || this.#stopping.signal.aborted) return;
    await running.shutDown();
    throw startFailed(folder, log, await running.ended);
  }

  async #pause(durationMs: number): Promise<void> {
    await delay(durationMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

const firstPauseMs = 25;
const longestPauseMs = 2_000;
const steadyMs = 10_000;
const firstPatienceMs = 10_000;
const passing = /did not start \(SIG|is still in use/;
/** Recovery after a crash replays at most `max_wal_size` of log, on however slow a disk. */
const startPatienceMs = 300_000;
const pollMs = 4;

interface Running {
  child: ChildProcess;
  hasEnded: boolean;
  /** How it ended, in words. */
  ended: Promise<string>;
  shutDown(): Promise<void>;
}

function spawnServer(options: ServerOptions, directory: string, log: ServerLog): Running {
  const { programs, address, account, folder } = options;
  const settings = Object.entries(serverSettings(address, programs.major));
  const child = spawn(
    join(programs.folder, "postgres"),
    ["-D", directory, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    {
      ...account,
      cwd: dataDirectoryOf(folder),
      env: { ...programs.env, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", log.descriptor, log.descriptor],
      detached: true,
      windowsHide: true,
    },
  );
  closeSync(log.descriptor);
  const running: Running = {
    child,
    hasEnded: false,
    ended: new Promise((resolve) => {
      child.on("error", (error) => resolve(error.message));
      child.on("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    }),
    async shutDown() {
      if (child.pid === undefined || running.hasEnded) return;
      await shutDown(child.pid, programs);
      await running.ended;
    },
  };
  void running.ended.then(() => (running.hasEnded = true));
  return running;
}

async function waitUntilAccepting(options: ServerOptions, running: Running): Promise<boolean> {
  const deadline = Date.now() + startPatienceMs;
  const dataDirectory = dataDirectoryOf(options.folder);
  while (!running.hasEnded && Date.now() < deadline) {
    const isNear = await isReady(running.child.pid ?? 0, dataDirectory);
    if (isNear && (await probeServer(options.address))) return true;
    await delay(pollMs);
  }
  return false;
}

async function clearSockets(address: ServerAddress): Promise<void> {
  if (process.platform === "win32") return;
  const names = await readdir(address.host);
  await Promise.all(names.map((name) => rm(join(address.host, name), { force: true })));
}

function startFailed(folder: string, log: ServerLog, how: string): AppError<DatabaseErrorCode> {
  return new AppError(
    "database_start_failed",
    503,
    `PostgreSQL did not start (${how}). Its log, ${log.path}, ends with: ${log.readTail()} ` +
      `The data in ${folder} is untouched.`,
  );
}
