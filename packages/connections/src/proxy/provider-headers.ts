import type { Connector } from "@tenon/connector";
import { isAutoContentType, resolveAutoContentType } from "./content-type.ts";
import type { RequestBody } from "./request-body.ts";
import type { RequestHead } from "./request-headers.ts";

/**
 * The headers of a request to the provider: names and values in turn. The last value is the place
 * of the credential ({@link putAccessToken}), which may change between two attempts.
 */
export function toProviderHeaders(
  head: RequestHead,
  facts: { body: RequestBody; connector: Connector; isWrapped: boolean },
): string[] {
  const { headers } = head;
  const { body, connector, isWrapped } = facts;
  const { defaultHeaders } = connector.api;
  for (const name in defaultHeaders) {
    if (!hasHeader(headers, name)) headers.push(name, defaultHeaders[name] ?? "");
  }
  const contentType = resolveContentType(head.contentType, body);
  if (contentType !== undefined) headers.push("content-type", contentType);
  if (body.streamedLength !== undefined) {
    headers.push("content-length", String(body.streamedLength));
  }
  // The envelope is written around the body as it passes, which must not be compressed for that.
  const acceptEncoding = isWrapped ? "identity" : head.acceptEncoding;
  if (acceptEncoding !== undefined) headers.push("accept-encoding", acceptEncoding);
  if (!head.hasUserAgent) headers.push("user-agent", "Tenon");
  // RFC 9110 §7.6.3: whoever forwards a message says so.
  headers.push("via", head.via === undefined ? "1.1 tenon" : `${head.via}, 1.1 tenon`);
  headers.push("authorization", "");
  return headers;
}

export function putAccessToken(headers: string[], accessToken: string): void {
  headers[headers.length - 1] = `Bearer ${accessToken}`;
}

function hasHeader(headers: readonly string[], name: string): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index] === name) return true;
  }
  return false;
}

function resolveContentType(
  contentType: string | undefined,
  body: RequestBody,
): string | undefined {
  if (contentType === undefined || !isAutoContentType(contentType)) return contentType;
  return resolveAutoContentType(contentType, body.beginning, body.isWhole);
}
