import {
  acceptedCodings,
  encodeBody,
  ExchangeFailure,
  exchangeWhole,
  type WholeAnswer,
  type WholeTimeouts,
} from "@tenon/connections";
import type { Dispatcher } from "undici";
import { StepFailure } from "../step-failure.ts";
import { createAddressGuard } from "./address-guard.ts";
import { createGuardedDispatcher, type ResolveHost } from "./guarded-dispatcher.ts";
import { toStepFailure } from "./guarded-failure.ts";
import { followRedirect, type Hop } from "./guarded-redirect.ts";
import { nameTarget, parseTarget } from "./target-url.ts";

/** A request to the public internet. */
export interface GuardedRequest {
  method: string;
  url: string;
  /** Names in lower case. */
  headers?: Readonly<Record<string, string>>;
  /**
   * Headers for the URL's own origin only: a redirect to another one loses them, as it loses
   * Authorization and Cookie.
   */
  credentials?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | FormData | undefined;
  signal: AbortSignal;
  /** Of the answer, decoded; never more than the client's own limit. */
  maxBytes?: number;
}

export interface GuardedAnswer extends WholeAnswer {
  /** Where it came from, after redirects. */
  url: URL;
}

/** Calls addresses that users of Tenon name. */
export interface GuardedHttp {
  /**
   * Sends a request and reads its answer whole, whatever its status.
   *
   * - Only http and https, and only to addresses of the public internet or the operator's list; each
   *   redirect is checked like the first URL, and there are five at most.
   * - Throws {@link StepFailure}; `happened` is "unknown" where the receiver may have acted on it.
   */
  send(request: GuardedRequest): Promise<GuardedAnswer>;
  /** Waits for the requests under way, then closes the connections. */
  close(): Promise<void>;
}

export interface GuardedHttpOptions {
  /** Hosts, addresses and CIDRs of private networks that may be reached all the same. */
  allowedPrivate?: readonly string[];
  timeouts?: Partial<GuardedTimeouts>;
  maxRequestBytes?: number;
  maxResponseBytes?: number;
  /** How names are resolved, if not as the system does. */
  resolve?: ResolveHost;
}

export interface GuardedTimeouts extends WholeTimeouts {
  connectMs: number;
}

const defaultTimeouts: GuardedTimeouts = {
  connectMs: 10_000,
  headersMs: 60_000,
  bodyIdleMs: 60_000,
  totalMs: 300_000,
};
const defaultMaxBytes = 50 * 1024 * 1024;
const maxRedirects = 5;

interface GuardContext {
  dispatcher: Dispatcher;
  timeouts: GuardedTimeouts;
  maxRequestBytes: number;
  maxResponseBytes: number;
}

/** Creates the client that Request steps and downloads go through. */
export function createGuardedHttp(options: GuardedHttpOptions = {}): GuardedHttp {
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const guard = createAddressGuard(options.allowedPrivate ?? []);
  const { connectMs } = timeouts;
  const { resolve } = options;
  const dispatcher = createGuardedDispatcher({ guard, connectMs, ...(resolve && { resolve }) });
  const context: GuardContext = {
    dispatcher,
    timeouts,
    maxRequestBytes: options.maxRequestBytes ?? defaultMaxBytes,
    maxResponseBytes: options.maxResponseBytes ?? defaultMaxBytes,
  };
  return {
    send: (request) => send(context, request),
    close: () => dispatcher.close(),
  };
}

async function send(context: GuardContext, request: GuardedRequest): Promise<GuardedAnswer> {
  const secretNames = Object.keys(request.credentials ?? {});
  const startedAt = performance.now();
  const sendHop = async (hop: Hop, hops: number) => {
    try {
      const spentMs = performance.now() - startedAt;
      return await exchangeWhole(toExchange(context, { request, hop, spentMs }));
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      throw toStepFailure(error, { url: hop.url, method: request.method, wasRedirected: hops > 0 });
    }
  };
  let hop = await toFirstHop(context, request);
  for (let hops = 0; ; hops += 1) {
    const answer = await sendHop(hop, hops);
    const next = followRedirect(hop, answer, secretNames);
    if (next === undefined) return { ...answer, url: hop.url };
    if (hops === maxRedirects) throw tooManyRedirects(hop.url);
    hop = next;
  }
}

async function toFirstHop(context: GuardContext, request: GuardedRequest): Promise<Hop> {
  const url = parseTarget(request.url);
  const { bytes, contentType } = await encodeBody(request.body);
  const size = bytes === null ? 0 : Buffer.byteLength(bytes);
  if (size > context.maxRequestBytes) {
    throw new StepFailure(
      "invalid_input",
      `The body for ${nameTarget(url)} has ${size} bytes; ${context.maxRequestBytes} are the most.`,
    );
  }
  const headers = {
    "accept-encoding": acceptedCodings,
    "user-agent": "Tenon",
    ...request.headers,
    ...request.credentials,
    ...(contentType !== undefined && { "content-type": contentType }),
  };
  return { url, method: request.method, headers, body: bytes };
}

function toExchange(
  { dispatcher, timeouts, maxResponseBytes }: GuardContext,
  { request, hop, spentMs }: { request: GuardedRequest; hop: Hop; spentMs: number },
): Parameters<typeof exchangeWhole>[0] {
  const totalMs = Math.max(1, Math.ceil(timeouts.totalMs - spentMs));
  return {
    dispatcher,
    origin: hop.url.origin,
    path: `${hop.url.pathname}${hop.url.search}`,
    method: hop.method,
    headers: Object.entries(hop.headers).flat(),
    body: hop.body,
    timeouts: { ...timeouts, totalMs },
    maxBytes: Math.min(request.maxBytes ?? Infinity, maxResponseBytes),
    signal: request.signal,
  };
}

function tooManyRedirects(url: URL): StepFailure {
  return new StepFailure(
    "request_failed",
    `${nameTarget(url)} redirects again after ${maxRedirects} redirects. Ask for the last address.`,
  );
}
