import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "./redirect-uri.ts";

/**
 * Whether a form was sent from a page of this server, so that another site cannot decide for a
 * person who has Local Notion open.
 *
 * - Browsers tell where a request comes from in `Sec-Fetch-Site`, and scripts cannot change it.
 * - A browser too old for that, or one on a plain HTTP address it does not trust, sends `Origin`
 *   with every form; it must be this server.
 * - The name a browser was sent to must be this server's or a loopback one: another site's name may
 *   have been made to lead here (DNS rebinding).
 * - A request with neither comes from no browser, and carries nobody's authority.
 */
export function isFromOwnPage(request: IncomingMessage, ownHost: string): boolean {
  const site = request.headers["sec-fetch-site"];
  const { origin, host = "" } = request.headers;
  if (site === undefined && origin === undefined) return true;
  if (host !== ownHost && !isLoopbackHost(host)) return false;
  if (site !== undefined) return site === "same-origin" || site === "none";
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
