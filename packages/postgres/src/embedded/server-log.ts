import { openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";

export interface ServerLog {
  path: string;
  /** Open for the server to write to; the opener closes it. */
  descriptor: number;
  /** What was written since it was opened, at most the last lines of it. */
  readTail(): string;
}

/** Opens the server's log for one more start. A long one becomes `postgres.log.old`. */
export function openServerLog(folder: string): ServerLog {
  const path = join(folder, "postgres.log");
  if (sizeOf(path) > longestLog) renameSync(path, `${path}.old`);
  const start = sizeOf(path);
  return {
    path,
    descriptor: openSync(path, "a", 0o600),
    readTail: () => tailOf(readFileSync(path).subarray(start).toString("utf8").trim()),
  };
}

/** The last lines of what a program said. */
export function tailOf(text: string): string {
  return text.slice(-1500);
}

const longestLog = 10 * 1024 * 1024;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
