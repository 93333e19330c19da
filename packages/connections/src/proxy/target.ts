import { AppError, type Connector } from "@tenon/connector";
import type { ConnectionErrorCode } from "../credentials.ts";

/** A base URL in the two parts that a request needs. */
export interface Base {
  /** Scheme, host and port, as WHATWG URL serializes them. */
  readonly origin: string;
  /** Empty, or a path without a trailing slash. */
  readonly path: string;
}

export function toBase(baseUrl: string): Base {
  const { origin, pathname } = new URL(baseUrl);
  return { origin, path: pathname.replace(/\/+$/, "") };
}

/** Where a call may go. */
export interface Bases {
  connector: Connector;
  /** The provider as its connector knows it. */
  api: Base;
  /** The provider as this connection reaches it; every request is sent to this origin. */
  own: Base;
}

/** What needs a closer look: not plain visible bytes, or something that moves within a path. */
const suspicious = /[^\x21-\xff]|[\x7f\\#]|^\/\/|:\/|\.\.|%2e/i;

/**
 * The path and query to ask {@link Bases.own} for, byte for byte as the caller wrote them.
 *
 * - A path is appended to the connection's base URL. It cannot climb out of it by dot segments,
 *   encoded ones and encoded slashes included.
 * - A full URL is taken where its origin is the connection's own, or the connector's; then what
 *   follows the connector's base path is appended to the connection's base URL. So code written
 *   for the real provider works with another one.
 * - Everything else throws `proxy_target_refused`: other hosts, ports and schemes, user names,
 *   `//host`, backslashes and control characters. The origin is never taken from the target, only
 *   compared; a mistake here still cannot send a token elsewhere.
 */
export function resolveTarget(target: string, bases: Bases): string {
  if (target.startsWith("/") && !suspicious.test(target)) return bases.own.path + target;
  if (/[^\x21-\xff]|\x7f/.test(target)) {
    throw refused(bases, "it has spaces or control characters. Percent-encode them.");
  }
  const fragmentless = target.split("#", 1)[0] ?? "";
  // A proxy in front of us may have merged the slashes of `/https://host`.
  const full = /^\/?(https?):\/{1,2}([^/?]*)(.*)$/i.exec(fragmentless);
  if (full) {
    const [, scheme = "", authority = "", rest = ""] = full;
    return resolveFull({ scheme, authority, rest }, bases);
  }
  if (/^\/?[a-z][a-z0-9+.-]*:\/\//i.test(fragmentless)) {
    throw refused(bases, "only http and https can be asked for.");
  }
  if (fragmentless.startsWith("//")) throw refused(bases, "it begins with two slashes.");
  return bases.own.path + assertInside(withSlash(fragmentless), bases);
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return redirects.has(status);
}

/**
 * The path and query of a redirect that stays with the provider, or undefined.
 *
 * @param path of the request that was redirected.
 */
export function resolveRedirect(location: string, path: string, bases: Bases): string | undefined {
  if (!URL.canParse(location, bases.own.origin + path)) return undefined;
  const url = new URL(location, bases.own.origin + path);
  if (url.username !== "" || url.password !== "") return undefined;
  const rest = url.pathname + url.search;
  if (url.origin === bases.own.origin) return rest;
  return url.origin === bases.api.origin ? moveToOwn(rest, bases) : undefined;
}

function resolveFull(
  { scheme, authority, rest }: { scheme: string; authority: string; rest: string },
  bases: Bases,
): string {
  const origin = originOf(scheme, authority);
  if (origin === undefined) throw refused(bases, "it names a user or is not a URL.");
  const path = assertInside(withSlash(rest), bases);
  if (origin === bases.own.origin) return path;
  const moved = origin === bases.api.origin ? moveToOwn(path, bases) : undefined;
  if (moved === undefined) throw refused(bases, `it is on ${origin.slice(0, 200)}.`);
  return moved;
}

function originOf(scheme: string, authority: string): string | undefined {
  if (/[@\\]/.test(authority)) return undefined;
  const url = `${scheme}://${authority}/`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** A path under the connector's base URL, under the connection's instead. */
function moveToOwn(path: string, { api, own }: Bases): string | undefined {
  if (!path.startsWith(api.path)) return undefined;
  const rest = path.slice(api.path.length);
  return /^[/?]|^$/.test(rest) ? own.path + withSlash(rest) : undefined;
}

function withSlash(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}

/** Refuses what a server could read as a way out of the base path. The query may hold anything. */
function assertInside(path: string, bases: Bases): string {
  const pathname = path.split("?", 1)[0] ?? "";
  if (pathname.includes("\\")) throw refused(bases, "it has a backslash. Percent-encode it.");
  let depth = 0;
  for (const segment of pathname.split(/\/|%2f|%5c/i).slice(1)) {
    const plain = segment.replaceAll(/%2e/gi, ".");
    if (plain === "..") depth -= 1;
    else if (plain !== "." && plain !== "") depth += 1;
    if (depth < 0) throw refused(bases, "its dot segments lead out of the API.");
  }
  return path;
}

function refused({ connector, own }: Bases, reason: string): AppError<ConnectionErrorCode> {
  return new AppError(
    "proxy_target_refused",
    400,
    `The target cannot be reached with a ${connector.title} connection: ${reason} ` +
      `Give a path such as /v1/things, or a full URL on ${own.origin}.`,
  );
}
