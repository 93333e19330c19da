import { readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { AppError } from "@tenon/connector";
import type { DatabaseErrorCode } from "../database-error-code.ts";
import type { Account } from "./run-program.ts";

/**
 * The account PostgreSQL runs as, or undefined for our own. PostgreSQL refuses to run as root, so
 * root lends it the account that owns the data already, else the unprivileged one of the system.
 */
export async function chooseAccount(dataDirectory: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const data = await stat(dataDirectory).catch(() => undefined);
  if (data && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  return findUnprivilegedAccount(await readFile("/etc/passwd", "utf8").catch(() => ""));
}

/** Finds uid 65534, else the user named `nobody`, in the text of a passwd file. */
export function findUnprivilegedAccount(passwd: string): Account {
  const entries = passwd.split("\n").map((line) => line.split(":"));
  const entry =
    entries.find(([, , uid]) => uid === "65534") ?? entries.find(([name]) => name === "nobody");
  const [uid, gid] = [Number(entry?.[2]), Number(entry?.[3])];
  if (!entry || !(uid > 0) || !Number.isInteger(gid)) {
    throw new AppError<DatabaseErrorCode>(
      "database_unsupported",
      503,
      "PostgreSQL does not run as root, and /etc/passwd has no user 65534 or nobody to run it as. " +
        "Start Tenon as an ordinary user, or set DATABASE_URL.",
    );
  }
  return { uid, gid };
}

/** initdb needs a name for the account; a uid that a container was given often has none. */
export function assertAccountHasName(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new AppError<DatabaseErrorCode>(
      "database_unsupported",
      503,
      `The user id ${process.getuid?.()} has no entry in /etc/passwd, which PostgreSQL needs to ` +
        "make its data folder. Set DATABASE_URL, or add an entry for the user.",
      { cause },
    );
  }
}
