import type { IncomingMessage, ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { Credential } from "../credentials.ts";
import type { PermitAsk, Priority } from "../limiter/limiter.ts";
import { Answer } from "./answer.ts";
import { Attempt, type AttemptListener } from "./attempt.ts";
import {
  isRefusal,
  isTimeout,
  methodNotAllowed,
  readErrorCode,
  toCallerError,
  uploadNotRepeatable,
} from "./provider-failure.ts";
import { putAccessToken, toProviderHeaders } from "./provider-headers.ts";
import type { ProxyCall, ProxyContext } from "./proxy-call.ts";
import { RequestBody } from "./request-body.ts";
import { readRequestHead, type RequestHead } from "./request-headers.ts";
import { type ProviderHeaders, readHeader } from "./response-headers.ts";
import {
  brokenDelayMs,
  busyDelayMs,
  isBroken,
  isBusy,
  isIdempotent,
  mayRetryBusy,
  type Tried,
  waitBudgetMs,
} from "./retry.ts";
import { type Bases, resolveRedirect, resolveTarget } from "./target.ts";

const maxRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface ExchangeParties {
  context: ProxyContext;
  request: IncomingMessage;
  response: ServerResponse;
  call: ProxyCall;
}

/**
 * One call, from its headers to the last byte of its answer.
 *
 * - Ends once: with the provider's answer, with `call.onError` before anything was answered, with a
 *   broken-off response after that, or silently where the caller has gone.
 * - Is sent again: after 429 and 529, for any method; after 500, 502, 503, 504 and a broken
 *   connection, where repeating is harmless; after 401 once, with a renewed token; after a redirect
 *   that stays with the provider. Never once a byte of the answer went out, nor with a body that
 *   was streamed.
 * - Makes no promise where the credential and a permit are in memory and the body is small.
 */
export class Exchange implements AttemptListener, PermitAsk {
  readonly #context: ProxyContext;
  readonly #call: ProxyCall;
  readonly #response: ServerResponse;
  readonly #method: string;
  readonly #head: RequestHead;
  readonly #body: RequestBody;
  readonly #wrap: boolean;
  /** Of the limiter's line. */
  readonly priority: Priority;
  /** What is left of the call's time to wait. */
  maxWaitMs = waitBudgetMs;
  #bases: Bases | undefined;
  #path = "";
  #headers: string[] = [];
  #credential: Credential | undefined;
  #attempt: Attempt | undefined;
  #answer: Answer | undefined;
  #attempts = 0;
  #redirects = 0;
  #hasRenewed = false;
  /** A place in the limiter's line, or a timer. */
  #pending: { cancel(): void } | undefined;
  #isOver = false;

  constructor({ context, request, response, call }: ExchangeParties) {
    this.#context = context;
    this.#call = call;
    this.#response = response;
    this.#method = request.method ?? "GET";
    this.#head = readRequestHead(request.rawHeaders);
    this.#body = new RequestBody(request, this.#head);
    this.#wrap = call.wrap && !this.#head.wantsRawResponse;
    this.priority = call.priority;
  }

  start(): void {
    this.#response.on("close", () => this.#onCallerGone());
    if (this.#method === "TRACE" || this.#method === "CONNECT") {
      this.#fail(methodNotAllowed(this.#method));
      return;
    }
    this.#body.collect(() => this.#withCredential((credential) => this.#aim(credential)));
  }

  onHead(
    status: number,
    headers: ProviderHeaders,
    controller: Dispatcher.DispatchController,
  ): void {
    if (status >= 300 && this.#triesAgain(status, headers)) return;
    const { requestId, answerHeaders = [] } = this.#call;
    this.#answer = new Answer({
      response: this.#response,
      method: this.#method,
      wrap: this.#wrap,
      status,
      headers,
      ownHeaders: ["x-content-type-options", "nosniff", "x-tenon-request-id", requestId].concat(
        answerHeaders,
      ),
      controller,
      onError: (error) => this.#breakOff(error),
    });
  }

  onData(chunk: Buffer): void {
    this.#answer?.write(chunk);
  }

  onEnd(): void {
    this.#isOver = true;
    this.#answer?.end();
    this.#body.release();
  }

  onFailure(error: Error): void {
    if (this.#answer?.hasBegun === true) {
      this.#breakOff(error);
      return;
    }
    this.#answer?.discard();
    this.#answer = undefined;
    const wasSent = this.#attempt?.wasSent === true;
    const isFinal = isTimeout(error) || isRefusal(error) || !this.#body.isRepeatable;
    const tried = wasSent ? this.#tried() : { ...this.#tried(), isIdempotent: true };
    const delayMs = isFinal ? undefined : brokenDelayMs(tried);
    if (delayMs === undefined) {
      this.#fail(toCallerError(error, { connector: this.#call.connector, wasSent }));
    } else {
      this.#askPermitAfter(delayMs);
    }
  }

  #withCredential(use: (credential: Credential) => void): void {
    const onCredential = (credential: Credential) => {
      if (this.#isOver) return;
      this.#credential = credential;
      this.#guard(() => use(credential));
    };
    this.#guard(() => {
      const credential = this.#context.credentials.get(this.#call.connectionId);
      if (credential instanceof Promise) {
        credential.then(onCredential, (error: unknown) => this.#fail(error));
      } else {
        onCredential(credential);
      }
    });
  }

  #aim({ baseUrl }: Credential): void {
    const { connector, path } = this.#call;
    this.#bases = this.#context.basesOf(connector, baseUrl);
    this.#path = resolveTarget(this.#head.proxyUrl ?? path, this.#bases);
    this.#headers = toProviderHeaders(this.#head, {
      body: this.#body,
      connector,
      isWrapped: this.#wrap,
    });
    this.#askPermit();
  }

  #askPermit(): void {
    const { connectionId, connector } = this.#call;
    const wait = this.#context.limiter.take(connectionId, connector.api.rateLimit, this);
    if (wait === undefined) {
      this.#send();
      return;
    }
    const startedAt = performance.now();
    this.#pending = wait;
    wait.permitted.then(
      (isPermitted) => {
        this.maxWaitMs -= performance.now() - startedAt;
        // Meanwhile the token may have been renewed, or the account disconnected.
        if (isPermitted) this.#withCredential(() => this.#send());
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #askPermitAfter(delayMs: number): void {
    this.maxWaitMs -= delayMs;
    const timer = setTimeout(() => this.#guard(() => this.#askPermit()), delayMs);
    this.#pending = { cancel: () => clearTimeout(timer) };
  }

  #send(): void {
    if (this.#bases === undefined || this.#credential === undefined) return;
    const { dispatcher, timeouts } = this.#context;
    this.#attempts += 1;
    this.#attempt = new Attempt(this);
    putAccessToken(this.#headers, this.#credential.accessToken);
    const options = {
      origin: this.#bases.own.origin,
      path: this.#path,
      method: this.#method,
      headers: this.#headers,
      body: this.#body.toSend(),
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyIdleMs,
    };
    dispatcher.dispatch(options, this.#attempt);
  }

  /** False: the provider's answer is passed on. */
  #triesAgain(status: number, headers: ProviderHeaders): boolean {
    if (redirects.has(status)) return this.#follow(headers);
    if (status === 401) return this.#renew();
    if (isBusy(status)) return this.#waitForProvider(headers);
    if (!isBroken(status) || !this.#body.isRepeatable) return false;
    const delayMs = brokenDelayMs(this.#tried(), headers);
    if (delayMs === undefined) return false;
    this.#abandonAttempt();
    this.#askPermitAfter(delayMs);
    return true;
  }

  /** Off the provider's own host, or with another method, the redirect is the caller's to judge. */
  #follow(headers: ProviderHeaders): boolean {
    const isSafe = this.#method === "GET" || this.#method === "HEAD";
    const location = readHeader(headers, "location");
    if (!isSafe || location === undefined || this.#bases === undefined) return false;
    if (this.#redirects === maxRedirects || !this.#body.isRepeatable) return false;
    const path = resolveRedirect(location, this.#path, this.#bases);
    if (path === undefined) return false;
    this.#redirects += 1;
    this.#attempts = 0;
    this.#path = path;
    this.#abandonAttempt();
    this.#askPermit();
    return true;
  }

  #renew(): boolean {
    if (this.#hasRenewed || this.#credential === undefined) return false;
    this.#hasRenewed = true;
    const { isRepeatable } = this.#body;
    this.#abandonAttempt();
    this.#context.credentials.renew(this.#call.connectionId, this.#credential.tokenVersion).then(
      (credential) => {
        if (this.#isOver) return;
        this.#credential = credential;
        if (isRepeatable) this.#guard(() => this.#askPermit());
        else this.#fail(uploadNotRepeatable(this.#call.connector));
      },
      (error: unknown) => this.#fail(error),
    );
    return true;
  }

  /** Everyone waits as long as the provider asks for, in the limiter's line. */
  #waitForProvider(headers: ProviderHeaders): boolean {
    const { connectionId, connector } = this.#call;
    const delayMs = busyDelayMs(headers, this.#attempts);
    this.#context.limiter.block(connectionId, connector.api.rateLimit, delayMs);
    if (!this.#body.isRepeatable || !mayRetryBusy(delayMs, this.#tried())) return false;
    this.#abandonAttempt();
    this.#askPermit();
    return true;
  }

  #tried(): Tried {
    return {
      attempts: this.#attempts,
      isIdempotent: isIdempotent(this.#method, this.#head.hasIdempotencyKey),
      waitLeftMs: this.maxWaitMs,
    };
  }

  #abandonAttempt(): void {
    if (this.#body.isRepeatable) this.#attempt?.abandon();
    else this.#attempt?.abort();
    this.#attempt = undefined;
  }

  #guard(step: () => void): void {
    if (this.#isOver) return;
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#stop();
    this.#call.onError(error);
  }

  /** An answer that stops in its middle must not look complete. */
  #breakOff(error: Error): void {
    const { requestId, connectionId } = this.#call;
    const facts = { requestId, connectionId, code: readErrorCode(error) };
    this.#context.log?.warn(facts, "The provider's answer broke off; so did ours.");
    this.#response.destroy();
    this.#stop();
  }

  #onCallerGone(): void {
    this.#answer?.discard();
    if (!this.#isOver) this.#stop();
  }

  #stop(): void {
    this.#isOver = true;
    this.#pending?.cancel();
    this.#attempt?.abort();
    this.#answer?.discard();
    this.#body.release();
  }
}
