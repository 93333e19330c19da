import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connector } from "@tenon/connector";
import type { Dispatcher } from "undici";
import type { CredentialSource } from "../credentials.ts";
import type { Limiter } from "../limiter/limiter.ts";
import type { Log } from "../log.ts";
import { Exchange } from "./exchange.ts";
import { createProviderDispatcher } from "./provider-dispatcher.ts";
import type { ProxyCall, ProxyContext, ProxyTimeouts } from "./proxy-call.ts";
import { type Bases, toBase } from "./target.ts";

export interface ProxyOptions {
  credentials: CredentialSource;
  limiter: Limiter;
  /** Connections to providers; without it, the proxy makes its own. */
  dispatcher?: Dispatcher;
  timeouts?: Partial<ProxyTimeouts>;
  log?: Log;
}

export interface Proxy {
  /**
   * Forwards a request that was authenticated, and streams the answer. Never throws.
   *
   * - The request's body must not have been touched.
   * - The response belongs to the proxy until it ends, or until `call.onError`.
   */
  forward(request: IncomingMessage, response: ServerResponse, call: ProxyCall): void;
  /** Waits for the calls under way, then closes the connections to providers. */
  close(): Promise<void>;
}

const defaultTimeouts: ProxyTimeouts = { headersMs: 60_000, bodyIdleMs: 300_000 };

/** Creates the streaming authenticated proxy: the product's hot path. */
export function createProxy(options: ProxyOptions): Proxy {
  const own = options.dispatcher === undefined ? createProviderDispatcher() : undefined;
  const context: ProxyContext = {
    credentials: options.credentials,
    limiter: options.limiter,
    dispatcher: options.dispatcher ?? own ?? createProviderDispatcher(),
    timeouts: { ...defaultTimeouts, ...options.timeouts },
    log: options.log,
    basesOf: createBaseReader(),
  };
  return {
    forward(request, response, call) {
      new Exchange({ context, request, response, call }).start();
    },
    async close() {
      await own?.close();
    },
  };
}

const maxBases = 1_000;

/** Reads each base URL once; there are as many as a connector has had. */
function createBaseReader(): ProxyContext["basesOf"] {
  const known = new Map<Connector, Map<string, Bases>>();
  return (connector, baseUrl) => {
    let ofConnector = known.get(connector);
    if (ofConnector === undefined) known.set(connector, (ofConnector = new Map()));
    let bases = ofConnector.get(baseUrl);
    if (bases === undefined) {
      bases = { connector, api: toBase(connector.api.baseUrl), own: toBase(baseUrl) };
      if (ofConnector.size < maxBases) ofConnector.set(baseUrl, bases);
    }
    return bases;
  };
}
