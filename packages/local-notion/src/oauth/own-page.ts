import type { IncomingMessage } from "node:http";

/**
 * Whether a form was sent from a page of this server, so that another site cannot decide for a
 * person who has Local Notion open.
 *
 * - Browsers tell where a request comes from in `Sec-Fetch-Site`, and scripts cannot change it.
 * - A browser too old for that, or one on a plain HTTP address it does not trust, sends `Origin`
 *   with every form; it must be this server.
 * - A request with neither comes from no browser, and carries nobody's authority.
 */
export function isFromOwnPage(request: IncomingMessage): boolean {
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
