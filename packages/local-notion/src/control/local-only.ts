import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "../oauth/redirect-uri.ts";

/**
 * Whether a request was sent to this machine by name and not by a page of another site.
 *
 * - The name in `Host` must be a loopback one: a site whose name was made to lead here (DNS
 *   rebinding) sends its own name.
 * - A browser that comes from another site says so in `Sec-Fetch-Site`. No answer carries CORS
 *   headers either, so such a page could not read one.
 */
export function isLocalRequest(request: IncomingMessage): boolean {
  if (!isLoopbackHost(request.headers.host ?? "")) return false;
  const site = request.headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none";
}
