/**
 * Headers of a provider's answer that are not passed on. They speak to a browser about the host
 * that answers, which for the caller is Tenon, or are for one connection only.
 */
const dropped: ReadonlySet<string> = new Set([
  // RFC 9110 §7.6.1: our server makes its own.
  "connection",
  "keep-alive",
  "transfer-encoding",
  "trailer",
  "upgrade",
  "te",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authentication-info",
  // Would be set for Tenon's own address, and sent back to it for every other connection.
  "set-cookie",
  "set-cookie2",
  // Would bind, clear or redirect how the browser treats Tenon's own address.
  "strict-transport-security",
  "alt-svc",
  "clear-site-data",
  "public-key-pins",
  "expect-ct",
  "accept-ch",
  "critical-ch",
  "service-worker-allowed",
  "refresh",
  // Would make the browser report what it does at Tenon to a third party.
  "nel",
  "report-to",
  "reporting-endpoints",
  "content-security-policy-report-only",
  "cross-origin-opener-policy-report-only",
  "cross-origin-embedder-policy-report-only",
  // Who may read an answer, and its timing, is for Tenon to say.
  "cross-origin-resource-policy",
  "timing-allow-origin",
  // Ours replaces it.
  "x-content-type-options",
]);

/** Access-Control-*: which pages may call is for Tenon to say. X-Tenon-*: would speak in our name. */
const droppedPrefixes = ["access-control-", "x-tenon-"];

const keeps = new Map<string, boolean>();
const maxKeeps = 2_000;

function isKept(name: string): boolean {
  const known = keeps.get(name);
  if (known !== undefined) return known;
  const kept = !dropped.has(name) && !droppedPrefixes.some((prefix) => name.startsWith(prefix));
  if (keeps.size < maxKeeps) keeps.set(name, kept);
  return kept;
}

/** As undici gives them: names in lower case. */
export type ProviderHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The one value of a header; several lines of it count as none. */
export function readHeader(headers: ProviderHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * The headers for the caller, without Content-Length: names and values in turn.
 *
 * @param isDecoded where the body's content coding was taken off.
 */
export function toCallerHeaders(headers: ProviderHeaders, isDecoded: boolean): string[] {
  const kept: string[] = [];
  const named = readNamed(headers);
  for (const name in headers) {
    if (!isKept(name) || name === "content-length" || named?.has(name) === true) continue;
    if (isDecoded && name === "content-encoding") continue;
    const value = headers[name];
    if (typeof value === "string") kept.push(name, value);
    else for (const one of value ?? []) kept.push(name, one);
  }
  return kept;
}

/** RFC 9110 §7.6.1: what the provider's Connection names goes no further than this hop. */
function readNamed(headers: ProviderHeaders): ReadonlySet<string> | undefined {
  const { connection } = headers;
  if (connection === undefined || connection === "keep-alive" || connection === "close") {
    return undefined;
  }
  return new Set(
    String(connection)
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  );
}

/**
 * The body's length where the provider told it and framed by it. Where Transfer-Encoding is there
 * too, that one framed the body (RFC 9112 §6.3) and a length passed on would desynchronize ours.
 */
export function readContentLength(headers: ProviderHeaders): number | undefined {
  const value = readHeader(headers, "content-length");
  if (value === undefined || headers["transfer-encoding"] !== undefined) return undefined;
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
