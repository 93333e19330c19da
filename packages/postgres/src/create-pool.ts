import { type ClientBase, type ClientConfig, Pool } from "pg";

interface OwnOptions {
  /** Connections at most. Default 10. */
  max?: number;
  /** Awaited before a new connection is used. */
  onConnect?: (client: ClientBase) => Promise<void>;
}

/**
 * A pool that survives restarts of the server.
 *
 * - A connection that dies is dropped from the pool; who was using it gets the error from their
 *   query, and the next query gets a new connection.
 * - pg tells of a dead connection by an event too, which would end the process if nobody listened:
 *   one that is idle through the pool, one that is between two queries of a transaction itself.
 */
export function createPool(config: ClientConfig, own: OwnOptions = {}): Pool {
  const pool = new Pool({
    application_name: "tenon",
    ...config,
    max: 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...own,
  });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
