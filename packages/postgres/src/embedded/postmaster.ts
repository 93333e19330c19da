import { readFile, readlink, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Programs } from "./find-programs.ts";
import { identifyProcess } from "./process-identity.ts";
import { runProgram } from "./run-program.ts";

/**
 * Makes sure that no server runs in the data directory and that no file of a dead one stops the
 * next. Call it only as the directory's owner.
 *
 * - A live server was left alone by a process that died: it is asked to shut down, in-flight
 *   transactions are rolled back, what was acknowledged is kept.
 * - `postmaster.pid` of a dead server may name a process that took the pid since; PostgreSQL would
 *   refuse to start. It is removed only after making sure that the process is not a server of this
 *   directory. Backends that outlive their server for a moment are still noticed by PostgreSQL
 *   itself, through the shared memory they hold.
 */
export async function clearPostmaster(dataDirectory: string, programs: Programs): Promise<void> {
  const pid = await readPostmasterPid(dataDirectory);
  if (pid === undefined) return;
  if (await isPostmasterOf(pid, dataDirectory)) await shutDown(pid, programs);
  await rm(join(dataDirectory, pidFile), { force: true });
}

/** Asks a server to end: politely, after 10 s without waiting for a checkpoint. */
export async function shutDown(pid: number, programs: Programs): Promise<void> {
  const identity = await identifyProcess(pid);
  if (identity === undefined) return;
  const isGone = async () => (await identifyProcess(pid)) !== identity;
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    await signalServer(pid, signal, programs);
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      if (await isGone()) return;
      await delay(pollMs);
    }
  }
  throw new Error(`The PostgreSQL process ${pid} does not end. End it and start again.`);
}

/** Whether the server with this pid has told, in the last line of its pid file, that it is ready. */
export async function isReady(pid: number, dataDirectory: string): Promise<boolean> {
  const lines = (await readPidFile(dataDirectory)).split("\n");
  return lines[0] === String(pid) && lines[7]?.trim() === "ready";
}

const pidFile = "postmaster.pid";
const patienceMs = 10_000;
const pollMs = 5;

async function readPostmasterPid(dataDirectory: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readPidFile(dataDirectory), 10);
  return pid > 0 ? pid : undefined;
}

async function readPidFile(dataDirectory: string): Promise<string> {
  return readFile(join(dataDirectory, pidFile), "utf8").catch(() => "");
}

async function isPostmasterOf(pid: number, dataDirectory: string): Promise<boolean> {
  if ((await identifyProcess(pid)) === undefined) return false;
  const directory = await realpath(dataDirectory);
  if (process.platform === "linux") {
    const [command, cwd] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
      readlink(`/proc/${pid}/cwd`).catch(() => ""),
    ]);
    return cwd === directory && /(^|\/)postgres\0/.test(command);
  }
  if (process.platform === "win32") {
    const { output } = await runProgram("tasklist", ["/NH", "/FI", `PID eq ${pid}`]);
    return output.includes("postgres.exe");
  }
  const { output } = await runProgram("ps", ["-ww", "-o", "command=", "-p", String(pid)]);
  return output.includes("postgres") && output.includes(directory);
}

async function signalServer(pid: number, signal: "SIGINT" | "SIGQUIT", programs: Programs) {
  if (process.platform === "win32") {
    // Windows has no signals; PostgreSQL has its own, which its pg_ctl knows how to send.
    await runProgram(join(programs.folder, "pg_ctl"), ["kill", signal.slice(3), String(pid)]);
    return;
  }
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}
