import type { Connector } from "@tenon/connector";
import { readRequestHead } from "../proxy/request-headers.ts";

/** The content codings that an answer read whole may have. */
export const acceptedCodings = "gzip, br, zstd";

/**
 * The headers of a request to the provider, names and values in turn, without the credential. What
 * the proxy does not let through is not let through here either: credentials, framing, and what is
 * for one connection only.
 *
 * @param contentType of a body that says so itself, such as a form's boundary.
 */
export function toClientHeaders(
  headers: Readonly<Record<string, string>>,
  { connector, contentType }: { connector: Connector; contentType: string | undefined },
): string[] {
  const head = readRequestHead(Object.entries(headers).flat());
  const given = head.headers;
  const names = new Set(given.filter((_, index) => index % 2 === 0));
  for (const [name, value] of Object.entries(connector.api.defaultHeaders)) {
    if (!names.has(name)) given.push(name, value);
  }
  const type = contentType ?? head.contentType;
  if (type !== undefined) given.push("content-type", type);
  given.push("accept-encoding", head.acceptEncoding ?? acceptedCodings);
  if (!head.hasUserAgent) given.push("user-agent", "Tenon");
  return given;
}
