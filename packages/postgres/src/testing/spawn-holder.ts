import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";

const Fact = z.object({
  ready: z.boolean().optional(),
  attached: z.boolean().optional(),
  wrote: z.number().optional(),
  failed: z.string().optional(),
});

export interface HolderOptions {
  dataDir: string;
  mode?: "write";
  /** The script to run, where it is a copy. */
  script?: string;
  uid?: number;
}

/** Starts {@link file://./holder.ts} and follows what it tells. */
export function spawnHolder(options: HolderOptions) {
  const { dataDir, mode, uid } = options;
  const script = options.script ?? join(import.meta.dirname, "holder.ts");
  const child = spawn(process.execPath, [script, dataDir, ...(mode ? [mode] : [])], {
    stdio: ["pipe", "pipe", "inherit"],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  const exited = once(child, "exit");
  const ready = Promise.withResolvers<{ attached: boolean }>();
  ready.promise.catch(() => undefined);
  const written: number[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const fact = Fact.parse(JSON.parse(line));
    if (fact.ready) ready.resolve({ attached: fact.attached ?? false });
    if (fact.wrote !== undefined) written.push(fact.wrote);
    if (fact.failed !== undefined) ready.reject(new Error(fact.failed));
  });
  void exited.then(() => ready.reject(new Error("The process ended before it was ready.")));
  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    /** Ids of the rows whose writing was acknowledged. */
    written,
    exited,
    async kill(signal: NodeJS.Signals) {
      child.kill(signal);
      await exited;
    },
  };
}

/** The pid in the server's own pid file. */
export async function readServerPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, "postgres/data/postmaster.pid"), "utf8"), 10);
}
