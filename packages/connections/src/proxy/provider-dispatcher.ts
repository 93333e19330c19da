import { Agent } from "undici";

/** Connections to one provider; more calls than this wait for a free one. */
const maxConnections = 256;
const connectTimeoutMs = 10_000;
/** An idle connection is closed before middleboxes forget it; a shorter Keep-Alive is obeyed. */
const keepAliveMs = 30_000;
const maxKeepAliveMs = 300_000;

/**
 * Creates the pools of connections to providers, one per origin.
 *
 * - One request at a time on a connection, HTTP/1.1: a slow answer delays no other call, and a
 *   connection that breaks takes one call with it.
 * - Certificates are verified, which is Node.js' default.
 */
export function createProviderDispatcher(): Agent {
  return new Agent({
    connections: maxConnections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: maxKeepAliveMs,
    connect: { timeout: connectTimeoutMs },
  });
}
