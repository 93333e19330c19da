import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import type { AddressGuard } from "./address-guard.ts";

/** All addresses of a host name. */
export type ResolveHost = (
  hostname: string,
) => Promise<readonly { address: string; family: number }[]>;

/** The host is, or resolves to, an address that must not be reached. */
export class TargetRefused extends Error {
  override readonly name = "TargetRefused";
}

const maxConnections = 64;
const keepAliveMs = 10_000;

const resolveBySystem: ResolveHost = (hostname) => lookup(hostname, { all: true });

/**
 * Creates pools of connections that only lead to addresses the guard lets through.
 *
 * - A name is resolved once for a connection, and the connection is made to the very addresses that
 *   were checked: an answer that changes between check and use changes nothing.
 * - Of several addresses, those that are refused are left out; where none is left,
 *   {@link TargetRefused} is the connection's error.
 * - An address in place of a name is checked too, in whatever notation: WHATWG URL has brought it
 *   into the usual one.
 */
export function createGuardedDispatcher(options: {
  guard: AddressGuard;
  connectMs: number;
  resolve?: ResolveHost;
}): Agent {
  const { guard, connectMs, resolve = resolveBySystem } = options;
  const connectTo = buildConnector({
    timeout: connectMs,
    allowH2: false,
    lookup: createGuardedLookup(guard, resolve),
  });
  return new Agent({
    connections: maxConnections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    connect(target, callback) {
      const host = target.hostname.replace(/^\[|\]$/g, "");
      // Node.js looks up names only.
      if (isIP(host) !== 0 && !guard.mayReach(host, host)) callback(refused(host), null);
      else connectTo(target, callback);
    },
  });
}

function createGuardedLookup(guard: AddressGuard, resolve: ResolveHost): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        const allowed = found.filter(({ address }) => guard.mayReach(hostname, address));
        const [first] = allowed;
        if (first === undefined) callback(refused(hostname), "", 0);
        else if (all === true) callback(null, [...allowed]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

function refused(host: string): TargetRefused {
  return new TargetRefused(`${host} is not on the public internet`);
}
