import { Client, escapeIdentifier } from "pg";
import type { ServerAddress } from "./owner-lock.ts";

/**
 * Whether the server takes connections to its database, which is made when it is not there yet.
 * Throws when the server answers with anything but "not yet".
 */
export async function probeServer(address: ServerAddress): Promise<boolean> {
  const answer = await tryConnect(address);
  if (answer !== databaseIsMissing) return answer;
  await createDatabase(address);
  return true;
}

const databaseIsMissing = "database is missing";
const notYet = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET", "57P03"]);
const noSuchDatabase = "3D000";
const databaseExists = "42P04";

async function tryConnect(address: ServerAddress): Promise<boolean | typeof databaseIsMissing> {
  const client = new Client({ ...address, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === noSuchDatabase) return databaseIsMissing;
    if (notYet.has(code) || isCutOff(error)) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function createDatabase(address: ServerAddress): Promise<void> {
  const client = new Client({ ...address, database: "postgres" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(`create database ${escapeIdentifier(address.database)}`);
  } catch (error) {
    if (codeOf(error) !== databaseExists) throw error;
  } finally {
    await client.end();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The server ended or did not answer while it was starting. */
function isCutOff(error: unknown): boolean {
  return error instanceof Error && /terminated|timeout/i.test(error.message);
}
