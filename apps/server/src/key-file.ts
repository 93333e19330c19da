import { chmod, link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type KeyRing, createKeyRingText, parseKeyRing } from "@tenon/connections";

/**
 * The key ring: the one configured, else the data folder's, made at first start with mode 0600.
 *
 * - The file appears whole or not at all, and of two processes that start at once one makes it.
 */
export async function readKeyRing(options: {
  configured: string | undefined;
  dataDir: string;
  onCreated: (path: string) => void;
}): Promise<KeyRing> {
  if (options.configured !== undefined) return parseKeyRing(options.configured);
  const path = join(options.dataDir, "keys");
  if (await createOnce(path)) options.onCreated(path);
  return parseKeyRing((await readFile(path, "utf8")).trim());
}

async function createOnce(path: string): Promise<boolean> {
  await mkdir(join(path, ".."), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${createKeyRingText()}\n`, { mode: 0o600, flush: true });
  await chmod(draft, 0o600);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}
