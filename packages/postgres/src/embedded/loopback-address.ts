import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

/**
 * Where the server listens on Windows, whose accounts do not close a Unix socket's folder: a free
 * port of the loopback address, and a password that is made once and kept beside the data.
 */
export async function chooseLoopbackAddress(folder: string) {
  const host = "127.0.0.1";
  const probe = createServer().listen(0, host);
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return { host, port: address.port, password: await readPassword(join(folder, "password")) };
}

async function readPassword(path: string): Promise<string> {
  await writeFile(path, randomBytes(24).toString("base64url"), { flag: "wx", mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
  return readFile(path, "utf8");
}
