import { readFile } from "node:fs/promises";
import { runProgram } from "./run-program.ts";

/**
 * Names a running process so that another one with the same pid is told apart, or undefined when
 * there is none.
 *
 * - A zombie counts as gone: it holds nothing any more.
 * - On Windows the pid alone is the name.
 */
export async function identifyProcess(pid: number): Promise<string | undefined> {
  switch (process.platform) {
    case "linux":
      return identifyOnLinux(pid);
    case "win32":
      return isSignalable(pid) ? "running" : undefined;
    default:
      return identifyWithPs(pid);
  }
}

async function identifyOnLinux(pid: number): Promise<string | undefined> {
  const [stat, bootId] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined),
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
  ]);
  if (stat === undefined) return undefined;
  // proc(5): the second field, the program's name, may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  if (state === "Z" || state === "X") return undefined;
  return `${bootId.trim()}/${startTime}`;
}

async function identifyWithPs(pid: number): Promise<string | undefined> {
  const { output } = await runProgram("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
    env: { LC_ALL: "C" },
  });
  const [state = "", ...startTime] = output.trim().split(/\s+/);
  if (state === "" || state.startsWith("Z")) return undefined;
  return startTime.join(" ");
}

function isSignalable(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
