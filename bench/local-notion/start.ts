import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(
  new URL("../../packages/local-notion/bin/local-notion.js", import.meta.url),
);

const compiled = fileURLToPath(new URL("../../node_modules/.cache/local-notion", import.meta.url));

/** Makes the next start compile all of its sources, as the very first one does. */
export async function forgetCompiled(): Promise<void> {
  await rm(compiled, { recursive: true, force: true });
}

export interface Start {
  /** From the process being asked for to its address being printed. */
  readyMs: number;
  /** What the process holds in memory then, code and all; unknown where there is no /proc. */
  residentMB: number;
}

/** Starts the command as people do, and ends it again. */
export async function measureStart(
  args: string[],
  { stayMs = 0 }: { stayMs?: number } = {},
): Promise<Start> {
  const started = performance.now();
  const child = spawn(process.execPath, [command, "--port", "0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const readyMs = performance.now() - started;
    const residentMB = await residentMBOf(child);
    await setTimeout(stayMs);
    return { readyMs, residentMB };
  } finally {
    const exit = once(child, "exit");
    child.kill();
    await exit;
  }
}

async function residentMBOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return (kilobytes * 1_024) / 1e6;
}
