import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connector } from "@tenon/connector";
import type { Dispatcher } from "undici";
import type { CredentialSource } from "../credentials.ts";
import type { Limiter, Priority } from "../limiter/limiter.ts";
import type { Log } from "../log.ts";
import type { Bases } from "./target.ts";

/** One authenticated request, to be forwarded to a provider. */
export interface ProxyCall {
  connector: Connector;
  connectionId: string;
  /**
   * The target as the caller wrote it after the integration's type, query included: a path such as
   * `/v1/pages?x=y`, or a full URL, with or without a slash before it. `X-Paragon-Proxy-Url`
   * replaces it.
   */
  path: string;
  /** Puts successful JSON into `{"output": …}`, unless `X-Paragon-Use-Raw-Response` is sent. */
  wrap: boolean;
  /** Sent back as `x-tenon-request-id`. */
  requestId: string;
  priority: Priority;
  /**
   * Headers of the server's own for every answer, such as CORS: names and values in turn. Faster
   * than `response.setHeader`, which works too.
   */
  answerHeaders?: readonly string[];
  /**
   * Nothing was answered and nothing will be: the caller of the proxy answers with this error. Not
   * called where the response was broken off or its reader has gone.
   */
  onError(error: unknown): void;
}

/** Times after which a provider is given up. */
export interface ProxyTimeouts {
  /** From the request's last byte to the answer's headers. */
  headersMs: number;
  /** Between two pieces of an answer's body. */
  bodyIdleMs: number;
}

/** What all calls share. */
export interface ProxyContext {
  credentials: CredentialSource;
  limiter: Limiter;
  dispatcher: Dispatcher;
  timeouts: ProxyTimeouts;
  log: Log | undefined;
  basesOf(connector: Connector, baseUrl: string): Bases;
}

/** Who takes part in one call. */
export interface ProxyParties {
  context: ProxyContext;
  request: IncomingMessage;
  response: ServerResponse;
  call: ProxyCall;
}
