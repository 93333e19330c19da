import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";

/** The bytes of uploads: in memory, or each in a file of its own beside the journal. */
export interface FileStore {
  write(name: string, bytes: Buffer): void;
  read(name: string): Buffer | undefined;
  remove(name: string): void;
}

export function createFileStore(folder: string | undefined): FileStore {
  return folder === undefined ? inMemory() : onDisk(folder);
}

function inMemory(): FileStore {
  const files = new Map<string, Buffer>();
  return {
    write: (name, bytes) => void files.set(name, bytes),
    read: (name) => files.get(name),
    remove: (name) => void files.delete(name),
  };
}

/** Names are ids of uploads, with the number of a part. */
function onDisk(folder: string): FileStore {
  const pathOf = (name: string): string => join(folder, name);
  return {
    write: (name, bytes) => {
      mkdirSync(folder, { recursive: true });
      // Written beside and renamed, so that a crash leaves no half of a file.
      writeFileSync(`${pathOf(name)}.new`, bytes, { mode: 0o600 });
      renameSync(`${pathOf(name)}.new`, pathOf(name));
    },
    read: (name) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name)) : undefined),
    remove: (name) => rmSync(pathOf(name), { force: true }),
  };
}
