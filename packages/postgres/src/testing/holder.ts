/**
 * A process of its own that opens the database of a data folder, for tests that kill it.
 * Prints one JSON object per line: `ready`, then one `wrote` per acknowledged row.
 * Arguments: the data folder, then optionally `write`. Ends by SIGTERM or when its input closes.
 */
import type { Pool } from "pg";
import { createPool } from "../create-pool.ts";
import { startEmbeddedPostgres } from "../embedded/start-embedded-postgres.ts";

const [dataDir = "", mode] = process.argv.slice(2);

try {
  const server = await startEmbeddedPostgres({ dataDir });
  const pool = createPool(server.connectionConfig);
  const stop = async () => {
    await pool.end();
    await server.stop();
    process.exit(0);
  };
  process.on("SIGTERM", () => void stop());
  process.stdin.resume().on("end", () => void stop());
  await pool.query(`
    select pg_advisory_xact_lock(1);
    create table if not exists written (id integer primary key, padding text)`);
  tell({ ready: true, attached: server.attached });
  if (mode === "write") await writeForever(pool);
} catch (error) {
  tell({ failed: error instanceof Error ? error.message : "unknown" });
  process.exitCode = 1;
}

async function writeForever(pool: Pool): Promise<never> {
  for (let id = 1; ; id += 1) {
    await pool.query("insert into written values ($1, repeat('x', 500))", [id]);
    tell({ wrote: id });
  }
}

function tell(fact: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}
