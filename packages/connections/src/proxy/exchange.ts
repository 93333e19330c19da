import type { ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import type { Credential } from "../credentials.ts";
import { Answer } from "./answer.ts";
import { Attempt, type AttemptListener } from "./attempt.ts";
import { isBroken, isBusy, isIdempotent, Patience } from "./patience.ts";
import {
  isRefusal,
  isTimeout,
  methodNotAllowed,
  readErrorCode,
  toCallerError,
  uploadNotRepeatable,
} from "./provider-failure.ts";
import { putAccessToken, toProviderHeaders } from "./provider-headers.ts";
import type { ProxyCall, ProxyContext, ProxyParties } from "./proxy-call.ts";
import { RequestBody } from "./request-body.ts";
import { readRequestHead, type RequestHead } from "./request-headers.ts";
import { type ProviderHeaders, readHeader } from "./response-headers.ts";
import { type Bases, isRedirect, resolveRedirect, resolveTarget } from "./target.ts";

const maxRedirects = 5;

/**
 * One call, from its headers to the last byte of its answer.
 *
 * - Ends once: with the provider's answer, with `call.onError` before anything was answered, with a
 *   broken-off response after that, or silently where the caller has gone.
 * - Is sent again: after 429 and 529, for any method; after 500, 502, 503, 504 and a broken
 *   connection, where repeating is harmless; after 401 once, with a renewed token; after a redirect
 *   that stays with the provider. Never once a byte of the answer went out, nor with a body that
 *   was streamed.
 * - Makes no promise where the credential and a permit are in memory.
 */
export class Exchange implements AttemptListener {
  readonly #context: ProxyContext;
  readonly #call: ProxyCall;
  readonly #response: ServerResponse;
  readonly #method: string;
  readonly #head: RequestHead;
  readonly #body: RequestBody;
  readonly #wrap: boolean;
  readonly #patience: Patience;
  #credential: Credential | undefined;
  #bases: Bases | undefined;
  #path = "";
  #headers: string[] | undefined;
  #attempt: Attempt | undefined;
  #answer: Answer | undefined;
  #redirects = 0;
  #hasPermit = false;
  #hasRenewed = false;
  /** A place in the limiter's line, or a timer. */
  #pending: { cancel(): void } | undefined;
  #isOver = false;

  constructor({ context, request, response, call }: ProxyParties) {
    this.#context = context;
    this.#call = call;
    this.#response = response;
    this.#method = request.method ?? "GET";
    this.#head = readRequestHead(request.rawHeaders);
    this.#body = new RequestBody(request, this.#head);
    this.#wrap = call.wrap && !this.#head.wantsRawResponse;
    this.#patience = new Patience(call.priority);
  }

  start(): void {
    // Gone while the server found out who called: no event will tell.
    if (this.#response.destroyed) return;
    this.#response.on("close", () => this.#onCallerGone());
    if (this.#method === "TRACE" || this.#method === "CONNECT") {
      this.#fail(methodNotAllowed(this.#method));
      return;
    }
    this.#body.collect(() => this.#proceed());
  }

  onHead(
    status: number,
    headers: ProviderHeaders,
    controller: Dispatcher.DispatchController,
  ): void {
    if (status >= 300 && this.#triesAgain(status, headers)) return;
    this.#answer = new Answer({
      response: this.#response,
      method: this.#method,
      wrap: this.#wrap,
      requestId: this.#call.requestId,
      ownHeaders: this.#call.answerHeaders,
      status,
      headers,
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
    const isFinal = isTimeout(error) || isRefusal(error) || (wasSent && !this.#isIdempotent);
    const delayMs = isFinal ? undefined : this.#brokenDelayMs();
    if (delayMs !== undefined) this.#proceedAfter(delayMs);
    else this.#fail(toCallerError(error, { connector: this.#call.connector, wasSent }));
  }

  /** Credential, target, permit, then off it goes; all of it anew after each wait. */
  #proceed(): void {
    if (this.#isOver) return;
    try {
      const credential = this.#context.credentials.get(this.#call.connectionId);
      if (credential instanceof Promise) {
        credential.then(
          (it) => this.#proceedWith(it),
          (error: unknown) => this.#fail(error),
        );
      } else {
        this.#proceedWith(credential);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #proceedWith(credential: Credential): void {
    if (this.#isOver) return;
    try {
      const isAimed = this.#credential?.baseUrl === credential.baseUrl;
      this.#credential = credential;
      if (!isAimed) this.#aim(credential);
      if (this.#hasPermit || this.#takePermit()) this.#send(credential);
    } catch (error) {
      this.#fail(error);
    }
  }

  #proceedAfter(delayMs: number): void {
    this.#patience.maxWaitMs -= delayMs;
    const timer = setTimeout(() => this.#proceed(), delayMs);
    this.#pending = { cancel: () => clearTimeout(timer) };
  }

  #aim({ baseUrl }: Credential): void {
    const { connector, path } = this.#call;
    this.#bases = this.#context.basesOf(connector, baseUrl);
    this.#path = resolveTarget(this.#head.proxyUrl ?? path, this.#bases);
    this.#headers ??= toProviderHeaders(this.#head, {
      body: this.#body,
      connector,
      isWrapped: this.#wrap,
    });
  }

  /** False: there is none at hand; once there is, the call proceeds by itself. */
  #takePermit(): boolean {
    const { connectionId, connector } = this.#call;
    const patience = this.#patience;
    const wait = this.#context.limiter.take(connectionId, connector.api.rateLimit, patience);
    if (wait === undefined) return true;
    const startedAt = performance.now();
    this.#pending = wait;
    wait.permitted.then(
      (isPermitted) => {
        patience.maxWaitMs -= performance.now() - startedAt;
        this.#hasPermit = isPermitted;
        this.#proceed();
      },
      (error: unknown) => this.#fail(error),
    );
    return false;
  }

  #send({ accessToken }: Credential): void {
    if (this.#bases === undefined || this.#headers === undefined) return;
    const { dispatcher, timeouts } = this.#context;
    this.#hasPermit = false;
    this.#patience.attempts += 1;
    this.#attempt = new Attempt(this);
    putAccessToken(this.#headers, accessToken);
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

  get #isIdempotent(): boolean {
    return isIdempotent(this.#method, this.#head.hasIdempotencyKey);
  }

  /** False: the provider's answer is passed on. */
  #triesAgain(status: number, headers: ProviderHeaders): boolean {
    if (isRedirect(status)) return this.#follow(headers);
    if (status === 401) return this.#renew();
    if (isBusy(status)) return this.#waitForProvider(headers);
    const delayMs =
      isBroken(status) && this.#isIdempotent ? this.#brokenDelayMs(headers) : undefined;
    if (delayMs === undefined) return false;
    this.#abandonAttempt();
    this.#proceedAfter(delayMs);
    return true;
  }

  #brokenDelayMs(headers?: ProviderHeaders): number | undefined {
    return this.#body.isRepeatable ? this.#patience.brokenDelayMs(headers) : undefined;
  }

  /** Off the provider's own host, or with another method, a redirect is the caller's to judge. */
  #follow(headers: ProviderHeaders): boolean {
    const isSafe = this.#method === "GET" || this.#method === "HEAD";
    const location = readHeader(headers, "location");
    if (!isSafe || location === undefined || this.#bases === undefined) return false;
    if (this.#redirects === maxRedirects || !this.#body.isRepeatable) return false;
    const path = resolveRedirect(location, this.#path, this.#bases);
    if (path === undefined) return false;
    this.#redirects += 1;
    this.#patience.attempts = 0;
    this.#path = path;
    this.#abandonAttempt();
    this.#proceed();
    return true;
  }

  #renew(): boolean {
    if (this.#hasRenewed || this.#credential === undefined) return false;
    this.#hasRenewed = true;
    const { isRepeatable } = this.#body;
    const { connectionId, connector } = this.#call;
    this.#abandonAttempt();
    this.#context.credentials.renew(connectionId, this.#credential.tokenVersion).then(
      (credential) => {
        if (isRepeatable) this.#proceedWith(credential);
        else this.#fail(uploadNotRepeatable(connector));
      },
      (error: unknown) => this.#fail(error),
    );
    return true;
  }

  /** Everyone waits as long as the provider asks for, in the limiter's line. */
  #waitForProvider(headers: ProviderHeaders): boolean {
    const { connectionId, connector } = this.#call;
    const delayMs = this.#patience.busyDelayMs(headers);
    this.#context.limiter.block(connectionId, connector.api.rateLimit, delayMs);
    if (!this.#body.isRepeatable || !this.#patience.bearsBusy(delayMs)) return false;
    this.#abandonAttempt();
    this.#proceed();
    return true;
  }

  #abandonAttempt(): void {
    if (this.#body.isRepeatable) this.#attempt?.abandon();
    else this.#attempt?.abort();
    this.#attempt = undefined;
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
