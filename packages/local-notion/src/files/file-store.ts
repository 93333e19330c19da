import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** The bytes of uploads: in memory, or each in a file of its own beside the journal. */
export interface FileStore {
  write(name: string, bytes: Buffer): void;
  read(name: string): Buffer | undefined;
  remove(name: string): void;
  names(): string[];
}

/** All bytes as they are now; giving them to `restoreFiles` brings them back. */
export function copyFiles(files: FileStore): ReadonlyMap<string, Buffer> {
  return new Map(files.names().map((name) => [name, files.read(name) ?? Buffer.alloc(0)]));
}

/** Files that the copy lacks stay: ids are never used again, and a later copy may have them. */
export function restoreFiles(files: FileStore, copy: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of copy) {
    const now = files.read(name);
    if (!now || !now.equals(bytes)) files.write(name, bytes);
  }
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
    names: () => [...files.keys()],
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
    names: () =>
      existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith(".new")) : [],
  };
}
