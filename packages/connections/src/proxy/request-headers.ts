/**
 * What a caller's header is to the proxy. `send` goes to the provider as it is; `drop` does not;
 * the others mean something to us and are dropped or rewritten.
 */
type Fate =
  | "send"
  | "drop"
  | "connection"
  | "content-length"
  | "transfer-encoding"
  | "content-type"
  | "accept-encoding"
  | "user-agent"
  | "via"
  | "idempotency-key"
  | "raw-response"
  | "proxy-url";

const knownFates: Readonly<Record<string, Fate>> = {
  connection: "connection",
  "content-length": "content-length",
  "transfer-encoding": "transfer-encoding",
  "content-type": "content-type",
  "accept-encoding": "accept-encoding",
  "user-agent": "user-agent",
  via: "via",
  "idempotency-key": "idempotency-key",
  "x-paragon-use-raw-response": "raw-response",
  "x-paragon-proxy-url": "proxy-url",

  // The user token, and whatever else the caller's browser holds for Tenon's own address.
  authorization: "drop",
  cookie: "drop",
  cookie2: "drop",
  // They name Tenon or the customer's page; the provider would check them against itself.
  host: "drop",
  origin: "drop",
  referer: "drop",
  // RFC 9110 §7.6.1: for one connection only. The rest of the list is named by Connection itself.
  "keep-alive": "drop",
  te: "drop",
  trailer: "drop",
  upgrade: "drop",
  "http2-settings": "drop",
  // Answered by our own server; our client would have to wait for it.
  expect: "drop",
  // RFC 9110 §7.6.2: to the caller, we are the end of the way.
  "max-forwards": "drop",
  // Who the end user is and where, told by proxies in front of us. A caller could also forge them.
  forwarded: "drop",
  "x-real-ip": "drop",
  "x-client-ip": "drop",
  "x-cluster-client-ip": "drop",
  "x-original-host": "drop",
  "x-original-url": "drop",
  "true-client-ip": "drop",
  "fastly-client-ip": "drop",
  "cdn-loop": "drop",
};

/** `sec-` is the browser's; `proxy-` is for the hop to us; the last two are addressed to us. */
const droppedPrefixes = [
  "sec-",
  "proxy-",
  "x-forwarded-",
  "cf-",
  "x-paragon-",
  "x-tenon-",
] as const;

/** What a caller's headers say, for the proxy and for the provider. */
export interface RequestHead {
  /** To send: names in lower case and values in turn. No framing, no credentials. */
  readonly headers: string[];
  contentType: string | undefined;
  contentLength: number | undefined;
  isChunked: boolean;
  hasUserAgent: boolean;
  hasIdempotencyKey: boolean;
  wantsRawResponse: boolean;
  /** A target that replaces the one in the path. */
  proxyUrl: string | undefined;
  via: string | undefined;
  acceptEncoding: string | undefined;
}

const fates = new Map<string, readonly [name: string, fate: Fate]>();
const maxFates = 2_000;

/** Reads a header name once for each spelling; strangers' spellings are kept up to a number. */
function readName(spelling: string): readonly [name: string, fate: Fate] {
  const known = fates.get(spelling);
  if (known !== undefined) return known;
  const name = spelling.toLowerCase();
  const isDropped = droppedPrefixes.some((prefix) => name.startsWith(prefix));
  const own = Object.hasOwn(knownFates, name) ? knownFates[name] : undefined;
  const entry = [name, own ?? (isDropped ? "drop" : "send")] as const;
  if (fates.size < maxFates) fates.set(spelling, entry);
  return entry;
}

/**
 * Sorts the caller's headers, given as Node.js reads them: names and values in turn, in the order
 * and spelling received. Node.js has checked that they are well formed; undici checks again.
 */
export function readRequestHead(rawHeaders: readonly string[]): RequestHead {
  const head: RequestHead = {
    headers: [],
    contentType: undefined,
    contentLength: undefined,
    isChunked: false,
    hasUserAgent: false,
    hasIdempotencyKey: false,
    wantsRawResponse: false,
    proxyUrl: undefined,
    via: undefined,
    acceptEncoding: undefined,
  };
  let connection = "";
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, fate] = readName(rawHeaders[index] ?? "");
    const value = rawHeaders[index + 1] ?? "";
    if (fate === "send") head.headers.push(name, value);
    else if (fate === "connection") connection += `,${value}`;
    else if (fate !== "drop") note(head, fate, value);
  }
  if (connection !== "" && connection !== ",keep-alive" && connection !== ",close") {
    dropNamed(head, connection);
  }
  return head;
}

function note(
  head: RequestHead,
  fate: Exclude<Fate, "send" | "drop" | "connection">,
  value: string,
): void {
  switch (fate) {
    case "content-type":
      head.contentType = join(head.contentType, value);
      return;
    case "content-length":
      head.contentLength = Number(value);
      return;
    case "transfer-encoding":
      head.isChunked = true;
      return;
    case "accept-encoding":
      head.acceptEncoding = join(head.acceptEncoding, value);
      return;
    case "user-agent":
      head.hasUserAgent = true;
      head.headers.push("user-agent", value);
      return;
    case "via":
      head.via = join(head.via, value);
      return;
    case "idempotency-key":
      head.hasIdempotencyKey = true;
      head.headers.push("idempotency-key", value);
      return;
    case "raw-response":
      head.wantsRawResponse = !/^(false|0|)$/i.test(value.trim());
      return;
    case "proxy-url":
      head.proxyUrl = value.trim();
      return;
    default:
      fate satisfies never;
  }
}

/** RFC 9110 §7.6.1: what Connection names goes no further than this hop. Framing is ours anyway. */
function dropNamed(head: RequestHead, connection: string): void {
  const named = new Set(
    connection
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  );
  const { headers } = head;
  let kept = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const [name = "", value = ""] = [headers[index], headers[index + 1]];
    if (named.has(name)) continue;
    headers[kept] = name;
    headers[kept + 1] = value;
    kept += 2;
  }
  headers.length = kept;
  if (named.has("content-type")) head.contentType = undefined;
  if (named.has("accept-encoding")) head.acceptEncoding = undefined;
  if (named.has("user-agent")) head.hasUserAgent = false;
  if (named.has("idempotency-key")) head.hasIdempotencyKey = false;
  if (named.has("via")) head.via = undefined;
}

/** RFC 9110 §5.3: several lines of one list are one list. */
function join(list: string | undefined, value: string): string {
  return list === undefined ? value : `${list}, ${value}`;
}
