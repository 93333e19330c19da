import type { Connector } from "@tenon/connector";
import type { Dispatcher } from "undici";
import type { Credential, CredentialSource } from "../credentials.ts";
import type { Limiter, Priority } from "../limiter/limiter.ts";
import { isBusy, Patience } from "../proxy/patience.ts";
import { createProviderDispatcher } from "../proxy/provider-dispatcher.ts";
import { methodNotAllowed } from "../proxy/provider-failure.ts";
import { readHeader } from "../proxy/response-headers.ts";
import { type Bases, isRedirect, resolveRedirect, resolveTarget, toBase } from "../proxy/target.ts";
import { appendQuery } from "./append-query.ts";
import { encodeBody, type EncodedBody } from "./encode-body.ts";
import { toClientError } from "./client-error.ts";
import { toClientHeaders } from "./client-headers.ts";
import { exchangeWhole, type WholeAnswer, type WholeTimeouts } from "./whole-exchange.ts";

/** One request with a connection's credentials. */
export interface ProviderRequest {
  connector: Connector;
  connectionId: string;
  method: string;
  /** A path on the provider's API, or a full URL on one of its hosts; a query may be in it. */
  path: string;
  /** Appended to the path's own query; a name may come more than once. */
  query?: readonly (readonly [name: string, value: string])[];
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array | FormData;
  signal: AbortSignal;
  /** Who goes first where the connection's budget is short. Default `workflow`. */
  priority?: Priority;
  /**
   * How long to stand in line for a permit. By default not at all: `rate_limited` is thrown at once,
   * and `retryAfter` says when to come back.
   */
  maxWaitMs?: number;
  /** Of the answer, decoded. Default 50 MB. */
  maxBytes?: number;
}

/** Calls providers' APIs in one piece each, for what runs in the background. */
export interface ProviderClient {
  /**
   * Sends a request and reads its answer whole, whatever its status.
   *
   * - Goes where the proxy goes: the provider's own hosts only, redirects of GET and HEAD included.
   * - One attempt, but for a 401: the token is renewed once and the request repeated once. A 429 or
   *   529 holds everyone back for its Retry-After and is answered as it came.
   * - Throws {@link AppError} with a {@link ProviderClientErrorCode}; `details.sent` is true where the provider may have
   *   acted on the request.
   */
  send(request: ProviderRequest): Promise<WholeAnswer>;
  /** Waits for the requests under way, then closes the connections to providers. */
  close(): Promise<void>;
}

export interface ProviderClientOptions {
  credentials: CredentialSource;
  limiter: Limiter;
  /** Connections to providers; without it, the client makes its own. */
  dispatcher?: Dispatcher;
  timeouts?: Partial<WholeTimeouts>;
}

const defaultTimeouts: WholeTimeouts = {
  headersMs: 60_000,
  bodyIdleMs: 60_000,
  totalMs: 300_000,
};
const defaultMaxBytes = 50 * 1024 * 1024;
const maxRedirects = 5;
/** Permits come from the database in portions; that much time a portion has to arrive. */
const leaseMs = 1_500;

interface ClientContext extends Pick<ProviderClientOptions, "credentials" | "limiter"> {
  dispatcher: Dispatcher;
  timeouts: WholeTimeouts;
}

/** Creates the client that steps of workflows call providers with. */
export function createProviderClient(options: ProviderClientOptions): ProviderClient {
  const own = options.dispatcher === undefined ? createProviderDispatcher() : undefined;
  const context: ClientContext = {
    credentials: options.credentials,
    limiter: options.limiter,
    dispatcher: options.dispatcher ?? own ?? createProviderDispatcher(),
    timeouts: { ...defaultTimeouts, ...options.timeouts },
  };
  return {
    async send(request) {
      try {
        return await send(context, request);
      } catch (error) {
        throw toClientError(error, request.connector, request.signal);
      }
    },
    async close() {
      await own?.close();
    },
  };
}

async function send(context: ClientContext, request: ProviderRequest): Promise<WholeAnswer> {
  const { credentials } = context;
  const { connectionId, method } = request;
  if (method === "TRACE" || method === "CONNECT") throw methodNotAllowed(method);
  const body = await encodeBody(request.body);
  let credential = await credentials.get(connectionId);
  let aim = takeAim(request, credential);
  let hasRenewed = false;
  for (let redirects = 0; ;) {
    await takePermit(context, request);
    const answer = await sendOnce(context, { request, credential, aim, body });
    if (isBusy(answer.status)) holdBack(context, request, answer);
    if (answer.status === 401 && !hasRenewed) {
      hasRenewed = true;
      credential = await credentials.renew(connectionId, credential.tokenVersion);
      if (credential.baseUrl !== aim.baseUrl) aim = takeAim(request, credential);
      continue;
    }
    const path = redirects < maxRedirects ? findRedirect(method, answer, aim) : undefined;
    if (path === undefined) return answer;
    redirects += 1;
    aim = { ...aim, path };
  }
}

/** Where a request goes with one credential. */
interface Aim {
  baseUrl: string;
  bases: Bases;
  path: string;
}

function takeAim({ connector, path, query = [] }: ProviderRequest, { baseUrl }: Credential): Aim {
  const bases = { connector, api: toBase(connector.api.baseUrl), own: toBase(baseUrl) };
  return { baseUrl, bases, path: appendQuery(resolveTarget(path, bases), query) };
}

/** Throws `rate_limited`, or the signal's reason. */
async function takePermit(context: ClientContext, request: ProviderRequest): Promise<void> {
  const { connectionId, connector, signal, priority = "workflow", maxWaitMs = 0 } = request;
  signal.throwIfAborted();
  const ask = { priority, maxWaitMs: Math.max(maxWaitMs, leaseMs) };
  const wait = context.limiter.take(connectionId, connector.api.rateLimit, ask);
  if (wait === undefined) return;
  const leave = () => wait.cancel();
  signal.addEventListener("abort", leave, { once: true });
  try {
    await wait.permitted;
  } finally {
    signal.removeEventListener("abort", leave);
  }
  signal.throwIfAborted();
}

function sendOnce(
  { dispatcher, timeouts }: ClientContext,
  sending: { request: ProviderRequest; credential: Credential; aim: Aim; body: EncodedBody },
): Promise<WholeAnswer> {
  const { request, credential, aim, body } = sending;
  const { connector, method, signal, maxBytes = defaultMaxBytes } = request;
  const { contentType } = body;
  const headers = toClientHeaders(request.headers ?? {}, { connector, contentType });
  headers.push("authorization", `Bearer ${credential.accessToken}`);
  const { origin } = aim.bases.own;
  const exchange = { dispatcher, timeouts, maxBytes, signal, origin, path: aim.path, method };
  return exchangeWhole({ ...exchange, headers, body: body.bytes });
}

/** Nobody sends with this connection for as long as the provider asks. */
function holdBack({ limiter }: ClientContext, request: ProviderRequest, answer: WholeAnswer): void {
  const patience = new Patience("workflow");
  patience.attempts = 1;
  const delayMs = patience.busyDelayMs(answer.headers);
  limiter.block(request.connectionId, request.connector.api.rateLimit, delayMs);
}

/** The path of a redirect that stays with the provider; of any other, the answer stands. */
function findRedirect(method: string, answer: WholeAnswer, aim: Aim): string | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  const location = isRedirect(answer.status) ? readHeader(answer.headers, "location") : undefined;
  return location === undefined ? undefined : resolveRedirect(location, aim.path, aim.bases);
}
