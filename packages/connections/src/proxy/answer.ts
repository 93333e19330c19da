import type { ServerResponse } from "node:http";
import type { Dispatcher } from "undici";
import { type BodyDecoder, createDecoder } from "./body-decoder.ts";
import { isWrapped, wrapperLength, wrapperEnd, wrapperStart } from "./envelope.ts";
import {
  type ProviderHeaders,
  readContentLength,
  readHeader,
  toCallerHeaders,
} from "./response-headers.ts";

/** A first chunk up to this size waits for the rest of its turn, to go out in one piece. */
const maxHeldBytes = 16_384;

export interface AnswerOptions {
  response: ServerResponse;
  method: string;
  /** The caller wants the envelope where there can be one. */
  wrap: boolean;
  status: number;
  headers: ProviderHeaders;
  requestId: string;
  /** More headers of our own: names and values in turn. */
  ownHeaders: readonly string[] | undefined;
  controller: Dispatcher.DispatchController;
  /** The answer cannot be written, or its body not be decoded. */
  onError(error: Error): void;
}

/**
 * Writes a provider's answer to the caller while it comes in.
 *
 * - Nothing is written before there is a body byte, or a turn of the event loop without one. Until
 *   then {@link hasBegun} is false, and something else may still be answered.
 * - Where the caller reads slowly, the provider is not read.
 * - Only {@link end} makes the answer complete. An answer that is never ended has to be destroyed.
 */
export class Answer {
  readonly #response: ServerResponse;
  readonly #controller: Dispatcher.DispatchController;
  readonly #status: number;
  readonly #headers: string[];
  readonly #wraps: boolean;
  readonly #decoder: BodyDecoder | undefined;
  /** What the body is announced with, the envelope included; undefined: not known. */
  #length: number | undefined;
  #held: Buffer | undefined;
  #isInside = false;
  #isDiscarded = false;
  #hasBegun = false;

  constructor(options: AnswerOptions) {
    const { response, controller, headers, status } = options;
    this.#response = response;
    this.#controller = controller;
    this.#status = status;
    const length = status === 204 ? undefined : readContentLength(headers);
    this.#wraps = options.wrap && length !== 0 && isWrapped(status, headers);
    this.#decoder = this.#wraps ? this.#createDecoder(options) : undefined;
    this.#headers = toCallerHeaders(headers, this.#decoder !== undefined);
    this.#headers.push("x-content-type-options", "nosniff");
    this.#headers.push("x-tenon-request-id", options.requestId);
    if (options.ownHeaders !== undefined) this.#headers.push(...options.ownHeaders);
    if (this.#decoder === undefined && length !== undefined) {
      this.#length = this.#wraps ? length + wrapperLength : length;
    } else {
      process.nextTick(beginWithoutBody, this, options.onError);
    }
  }

  /** True once the caller may have seen something of it. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  write(chunk: Buffer): void {
    if (this.#decoder === undefined) this.#put(chunk);
    else if (!this.#decoder.write(chunk)) this.#controller.pause();
  }

  end(): void {
    if (this.#decoder === undefined) this.#finish();
    else this.#decoder.end();
  }

  /** Nothing more is written. */
  discard(): void {
    this.#isDiscarded = true;
    this.#decoder?.destroy();
  }

  /** Lets the caller know the status although the first body byte is still to come. */
  begin(): void {
    if (this.#hasBegun || this.#isDiscarded || this.#response.destroyed) return;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) {
      this.#send(held);
      return;
    }
    this.#writeHead();
    this.#response.flushHeaders();
  }

  #put(chunk: Buffer): void {
    const expected = (this.#length ?? Infinity) - (this.#wraps ? wrapperLength : 0);
    const isFirst = !this.#hasBegun && this.#held === undefined;
    const mayBeLast = chunk.length === expected || expected === Infinity;
    if (isFirst && mayBeLast && chunk.length <= maxHeldBytes) {
      this.#held = chunk;
      return;
    }
    if (this.#held !== undefined) this.begin();
    this.#send(chunk);
  }

  #send(chunk: Buffer): void {
    const response = this.#response;
    if (!this.#hasBegun) this.#writeHead();
    if (this.#wraps && !this.#isInside) {
      this.#isInside = true;
      response.write(wrapperStart, "latin1");
    }
    if (response.write(chunk)) return;
    this.#pause();
    response.once("drain", () => this.#resume());
  }

  #pause(): void {
    (this.#decoder ?? this.#controller).pause();
  }

  #resume(): void {
    (this.#decoder ?? this.#controller).resume();
  }

  /** A whole body that was held goes out in one piece, as a string: Node.js is faster with those. */
  #finish(): void {
    const held = this.#held;
    this.#held = undefined;
    if (this.#hasBegun) {
      this.#response.end(this.#isInside ? wrapperEnd : undefined, "latin1");
      return;
    }
    const text = held?.toString("latin1");
    const body = text !== undefined && this.#wraps ? wrapperStart + text + wrapperEnd : text;
    this.#length ??= body?.length;
    this.#writeHead();
    this.#response.end(body, "latin1");
  }

  #writeHead(): void {
    this.#hasBegun = true;
    const headers = this.#headers;
    if (this.#length !== undefined) headers.push("content-length", String(this.#length));
    this.#response.writeHead(this.#status, headers);
  }

  #createDecoder({ method, headers, onError }: AnswerOptions): BodyDecoder | undefined {
    const coding = readHeader(headers, "content-encoding");
    if (coding === undefined || method === "HEAD") return undefined;
    return createDecoder(coding, {
      onData: (chunk) => this.#put(chunk),
      onDrain: () => this.#controller.resume(),
      onEnd: () => this.#finish(),
      onError,
    });
  }
}

/** Nobody is there to catch an error, such as a header that Node.js refuses. */
function beginWithoutBody(answer: Answer, onError: (error: Error) => void): void {
  try {
    answer.begin();
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)));
  }
}
