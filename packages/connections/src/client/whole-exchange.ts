import type { Dispatcher } from "undici";
import { Attempt, type AttemptListener } from "../proxy/attempt.ts";
import { type BodyDecoder, createDecoder } from "../proxy/body-decoder.ts";
import { isRefusal, isTimeout, readErrorCode } from "../proxy/provider-failure.ts";
import type { ProxyTimeouts } from "../proxy/proxy-call.ts";
import { type ProviderHeaders, readContentLength, readHeader } from "../proxy/response-headers.ts";

/** Times after which the other side is given up. */
export interface WholeTimeouts extends ProxyTimeouts {
  /** From the call to the answer's last byte, however lively it comes. */
  totalMs: number;
}

/** One request whose answer is read whole. */
export interface WholeRequest {
  dispatcher: Dispatcher;
  origin: string;
  path: string;
  method: string;
  /** Names and values in turn. */
  headers: string[];
  body: string | Uint8Array | null;
  timeouts: WholeTimeouts;
  /** Of the answer's body, as it comes and as it is decoded. */
  maxBytes: number;
  signal: AbortSignal;
}

/** An answer whose content coding was taken off. */
export interface WholeAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[]>;
  body: Uint8Array<ArrayBuffer>;
}

/**
 * - aborted: by the request's signal, whose reason is the cause.
 * - timeout: no answer, or no whole one, in time.
 * - too_large: the answer's body.
 * - refused: it could not be sent as it is, such as a header with a line break.
 * - broken: not reached, or broken off.
 */
export type ExchangeFailureReason = "aborted" | "timeout" | "too_large" | "refused" | "broken";

/** No whole answer came. */
export class ExchangeFailure extends Error {
  override readonly name = "ExchangeFailure";
  readonly reason: ExchangeFailureReason;
  /** False: the other side cannot have seen anything of the request. */
  readonly wasSent: boolean;
  /** Of the system or of undici, such as `ECONNREFUSED`; empty where there is none. */
  readonly code: string;

  constructor(reason: ExchangeFailureReason, facts: { wasSent: boolean; cause: unknown }) {
    const { cause } = facts;
    super(cause instanceof Error ? cause.message : `The exchange failed: ${reason}.`, { cause });
    this.reason = reason;
    this.wasSent = facts.wasSent;
    this.code = readErrorCode(cause);
  }
}

/**
 * Sends a request once and reads its answer whole.
 *
 * - Ends once, with the answer or an {@link ExchangeFailure}; after a failure nothing more is read
 *   and the connection is closed.
 * - No more than `maxBytes` of the answer are held, a decompression bomb's included.
 * - No redirects, no repeats.
 */
export function exchangeWhole(request: WholeRequest): Promise<WholeAnswer> {
  return new WholeExchange(request).run();
}

class WholeExchange implements AttemptListener {
  readonly #request: WholeRequest;
  readonly #attempt = new Attempt(this);
  readonly #outcome = Promise.withResolvers<WholeAnswer>();
  readonly #onAbort = () => this.#fail("aborted", this.#request.signal.reason);
  #timer: NodeJS.Timeout | undefined;
  #status = 0;
  #headers: ProviderHeaders = {};
  #controller: Dispatcher.DispatchController | undefined;
  #decoder: BodyDecoder | undefined;
  #chunks: Buffer[] = [];
  #received = 0;
  #size = 0;
  #isOver = false;

  constructor(request: WholeRequest) {
    this.#request = request;
  }

  run(): Promise<WholeAnswer> {
    const { dispatcher, signal, timeouts, origin, path, method, headers, body } = this.#request;
    if (signal.aborted) {
      this.#onAbort();
      return this.#outcome.promise;
    }
    signal.addEventListener("abort", this.#onAbort, { once: true });
    const late = () =>
      this.#fail("timeout", new Error(`No whole answer in ${timeouts.totalMs} ms.`));
    this.#timer = setTimeout(late, timeouts.totalMs);
    const { headersMs: headersTimeout, bodyIdleMs: bodyTimeout } = timeouts;
    const options = { origin, path, method, headers, body, headersTimeout, bodyTimeout };
    try {
      dispatcher.dispatch(options, this.#attempt);
    } catch (cause) {
      this.onFailure(cause instanceof Error ? cause : new Error(String(cause)));
    }
    return this.#outcome.promise;
  }

  onHead(
    status: number,
    headers: ProviderHeaders,
    controller: Dispatcher.DispatchController,
  ): void {
    this.#status = status;
    this.#headers = headers;
    this.#controller = controller;
    const announced = this.#request.method === "HEAD" ? 0 : (readContentLength(headers) ?? 0);
    if (announced > this.#request.maxBytes) this.#failTooLarge();
  }

  onData(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#received += chunk.length;
    // Counted before decoding too: empty blocks without end decode to nothing.
    if (this.#received > this.#request.maxBytes) {
      this.#failTooLarge();
      return;
    }
    // Only where there is a body: an empty one is no gzip stream, but no fault either.
    if (this.#received === chunk.length) this.#decoder = this.#createDecoder();
    if (this.#decoder === undefined) this.#keep(chunk);
    else if (!this.#decoder.write(chunk)) this.#controller?.pause();
  }

  onEnd(): void {
    if (this.#isOver) return;
    if (this.#decoder === undefined) this.#succeed();
    else this.#decoder.end();
  }

  onFailure(error: Error): void {
    if (isTimeout(error)) this.#fail("timeout", error);
    else this.#fail(isRefusal(error) ? "refused" : "broken", error);
  }

  #createDecoder(): BodyDecoder | undefined {
    const coding = readHeader(this.#headers, "content-encoding");
    if (coding === undefined) return undefined;
    return createDecoder(coding, {
      onData: (chunk) => this.#keep(chunk),
      onDrain: () => this.#controller?.resume(),
      onEnd: () => this.#succeed(),
      onError: (error) => this.#fail("broken", error),
    });
  }

  #keep(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > this.#request.maxBytes) this.#failTooLarge();
  }

  #succeed(): void {
    if (!this.#finish()) return;
    const body = Buffer.concat(this.#chunks, this.#size);
    this.#outcome.resolve({ status: this.#status, headers: toRecord(this.#headers), body });
  }

  #failTooLarge(): void {
    const { maxBytes } = this.#request;
    this.#fail("too_large", new Error(`The answer is larger than ${maxBytes} bytes.`));
  }

  #fail(reason: ExchangeFailureReason, cause: unknown): void {
    if (!this.#finish()) return;
    const { wasSent } = this.#attempt;
    this.#chunks = [];
    this.#decoder?.destroy();
    this.#attempt.abort();
    this.#outcome.reject(new ExchangeFailure(reason, { wasSent, cause }));
  }

  /** False: it was over before. */
  #finish(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#request.signal.removeEventListener("abort", this.#onAbort);
    return true;
  }
}

function toRecord(headers: ProviderHeaders): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) record[name] = value;
  }
  return record;
}
