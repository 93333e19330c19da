import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isReachable } from "./reachable.ts";
import type { Account } from "./run-program.ts";

export interface RuntimeFolder {
  path: string;
  /** Empty folder of mode 0700 for the Unix socket. */
  socketFolder: string;
  /** Whether it is inside our own folder; else it is a temporary one, to be removed. */
  isOwn: boolean;
}

/**
 * Makes the folder for what lives as long as the server: inside our own folder, or in the system's
 * temporary one where the path is too long for a Unix socket or the account cannot reach it.
 *
 * - The temporary one has a name made from our own folder's, so that processes that were attached
 *   find the next server where the one before was.
 * - It is used only if it is ours, a real folder, and closed to others' writing: nobody can put a
 *   socket of theirs in our way. Where somebody took its name, it gets another one.
 */
export async function createRuntimeFolder(
  folder: string,
  account: Account | undefined,
): Promise<RuntimeFolder> {
  const own = join(folder, "run");
  const isOwn = fits(own) && (await isReachable(folder, account));
  const path = isOwn ? own : await takeTemporary(folder);
  const socketFolder = join(path, socketName);
  await rm(isOwn ? path : socketFolder, { recursive: true, force: true });
  await takeFolder(path);
  await mkdir(socketFolder, { mode: 0o700 });
  if (account) await chown(socketFolder, account.uid, account.gid);
  return { path, socketFolder, isOwn };
}

const socketName = "s";
// sun_path holds 108 bytes on Linux, 104 on macOS, with the ending zero.
const longestSocketPath = 103;

function fits(path: string): boolean {
  return Buffer.byteLength(join(path, socketName, ".s.PGSQL.5432")) <= longestSocketPath;
}

async function takeTemporary(folder: string): Promise<string> {
  const hash = createHash("sha256").update(await realpath(folder));
  const name = `tenon-${hash.digest("hex").slice(0, 12)}`;
  const parent = fits(join(tmpdir(), name)) ? tmpdir() : "/tmp";
  const path = join(parent, name);
  const isTaken = await takeFolder(path).then(
    () => true,
    () => false,
  );
  return isTaken ? path : mkdtemp(join(parent, "tenon-"));
}

/** Makes a folder that only we can write in, or makes sure that the existing one is that. */
async function takeFolder(path: string): Promise<void> {
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  const found = await lstat(path);
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid)) {
    throw new Error(`${path} is not a folder of ours.`);
  }
  await chmod(path, 0o711);
}
