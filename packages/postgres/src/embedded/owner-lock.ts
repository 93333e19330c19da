import { randomUUID } from "node:crypto";
import { link, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { identifyProcess } from "./process-identity.ts";

/** How clients reach the server; what the owner tells processes that attach. */
export const ServerAddress = z.object({
  /** Folder of the Unix socket; on Windows the loopback address. */
  host: z.string(),
  port: z.int(),
  user: z.string(),
  database: z.string(),
  password: z.string().optional(),
});
export type ServerAddress = z.output<typeof ServerAddress>;

const OwnerRecord = z.object({
  pid: z.int(),
  identity: z.string(),
  state: z.enum(["starting", "running", "released"]),
  address: ServerAddress.optional(),
});
export type OwnerRecord = z.output<typeof OwnerRecord>;

/** Held by the one process that runs the server of a folder. */
export interface OwnerLock {
  tellRunning(address: ServerAddress): Promise<void>;
  release(): Promise<void>;
}

export type Claim =
  | { outcome: "owned"; lock: OwnerLock }
  | { outcome: "held"; holder: OwnerRecord };

/**
 * Takes the folder, or tells who holds it.
 *
 * The lock is the file `owner.<n>` with the highest number; its content names a process.
 *
 * - Taking means creating the next number with `link`, which only one process can.
 * - A number is only ever removed by the holder of a higher one, and who takes a number looks
 *   again for a higher one, so that a slow process cannot take a number that is already history.
 * - A holder killed with `kill -9` needs no clean-up: its process is gone, so the next one may take.
 * - Content lost in a power cut reads as nobody's.
 */
export async function claimOwner(folder: string): Promise<Claim> {
  for (;;) {
    const latest = await readLatest(folder);
    if (latest.record && (await isHeld(latest.record))) {
      return { outcome: "held", holder: latest.record };
    }
    const number = latest.number + 1;
    const own = await createOwnRecord();
    if (!(await tryCreate(folder, number, own))) continue;
    const after = await readLatest(folder);
    if (after.number > number) {
      await rm(fileOf(folder, number), { force: true });
      continue;
    }
    await removeBelow(folder, number);
    return { outcome: "owned", lock: createLock(folder, number, own) };
  }
}

/** Whether the recorded process still lives and has not let go. */
export async function isHeld(record: OwnerRecord): Promise<boolean> {
  return record.state !== "released" && (await identifyProcess(record.pid)) === record.identity;
}

/** The record of the latest owner, dead or alive. */
export async function readOwner(folder: string): Promise<OwnerRecord | undefined> {
  return (await readLatest(folder)).record;
}

function createLock(folder: string, number: number, own: OwnerRecord): OwnerLock {
  const replace = async (record: OwnerRecord): Promise<void> => {
    const draft = await writeDraft(folder, record);
    await rename(draft, fileOf(folder, number));
  };
  return {
    tellRunning: (address) => replace({ ...own, state: "running", address }),
    async release() {
      try {
        await replace({ ...own, state: "released" });
      } catch (error) {
        // The folder was removed while the server ran: there is nothing left to give free.
        if (!isSystemError(error, "ENOENT")) throw error;
      }
    },
  };
}

async function createOwnRecord(): Promise<OwnerRecord> {
  const identity = await identifyProcess(process.pid);
  if (identity === undefined) throw new Error("The system does not tell about our own process.");
  return { pid: process.pid, identity, state: "starting" };
}

async function tryCreate(folder: string, number: number, record: OwnerRecord): Promise<boolean> {
  const draft = await writeDraft(folder, record);
  try {
    await link(draft, fileOf(folder, number));
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(folder: string, record: OwnerRecord): Promise<string> {
  const draft = join(folder, `owner-draft-${randomUUID()}`);
  await writeFile(draft, JSON.stringify(record), { mode: 0o600, flag: "wx" });
  return draft;
}

async function readLatest(
  folder: string,
): Promise<{ number: number; record: OwnerRecord | undefined }> {
  for (;;) {
    const number = Math.max(0, ...(await listNumbers(folder)));
    if (number === 0) return { number, record: undefined };
    try {
      const text = await readFile(fileOf(folder, number), "utf8");
      return { number, record: parseRecord(text) };
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }
}

function parseRecord(text: string): OwnerRecord | undefined {
  try {
    return OwnerRecord.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function listNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => /^owner\.(\d+)$/.exec(name)?.[1] ?? []).map(Number);
}

async function removeBelow(folder: string, number: number): Promise<void> {
  const lower = (await listNumbers(folder)).filter((other) => other < number);
  await Promise.all(lower.map((other) => rm(fileOf(folder, other), { force: true })));
}

function fileOf(folder: string, number: number): string {
  return join(folder, `owner.${number}`);
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
