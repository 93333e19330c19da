import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { RequestHead } from "./request-headers.ts";

/** A body up to this size is kept until the answer begins, so that it can be sent again. */
const maxKeptBytes = 1_048_576;

const nothing = Buffer.alloc(0);

/**
 * The caller's body: none, kept whole, or too large to keep; then it is streamed once, behind the
 * part of it that was read to find out.
 */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #declared: number | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #isWhole: boolean;
  #upload: Upload | undefined;

  constructor(request: IncomingMessage, head: RequestHead) {
    this.#request = request;
    this.#declared = head.contentLength;
    this.#isWhole = !head.isChunked && (head.contentLength ?? 0) === 0;
  }

  /** True where it can be sent again. */
  get isRepeatable(): boolean {
    return this.#isWhole || this.#upload === undefined || !this.#upload.wasRead;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The length to announce for a body that is streamed; undefined: send it in chunks. */
  get streamedLength(): number | undefined {
    return this.#isWhole ? undefined : this.#declared;
  }

  /** The whole body, or what was read of it. */
  get beginning(): Buffer {
    const [first = nothing] = this.#chunks;
    return this.#chunks.length > 1 ? Buffer.concat(this.#chunks) : first;
  }

  /** Reads until the body is known to be whole or too large. At once where there is none. */
  collect(onReady: () => void): void {
    if (this.#isWhole) {
      onReady();
      return;
    }
    const request = this.#request;
    const isDeclaredLarge = (this.#declared ?? 0) > maxKeptBytes;
    const onData = (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#size += chunk.length;
      if (!isDeclaredLarge && this.#size <= maxKeptBytes) return;
      request.pause();
      stop();
      onReady();
    };
    const onEnd = () => {
      this.#chunks = [this.beginning];
      this.#isWhole = true;
      stop();
      onReady();
    };
    const stop = () => request.off("data", onData).off("end", onEnd);
    request.on("data", onData).on("end", onEnd);
  }

  /** What to give to undici for one attempt. */
  toSend(): Buffer | Readable | null {
    if (this.#isWhole) return this.#size === 0 ? null : this.beginning;
    this.#upload?.destroy();
    this.#upload = new Upload(this.#request, this.#chunks);
    return this.#upload;
  }

  /**
   * Reads and forgets what nobody will send any more. Without it, a kept-alive connection would
   * stand still before its next request, and the caller would not get to reading the answer.
   */
  release(): void {
    this.#upload?.destroy();
    this.#chunks = [];
    if (!this.#isWhole && !this.#request.readableEnded) this.#request.resume();
  }
}

/**
 * The request as a stream of its own: undici destroys what it sends, and the request must live on
 * to be read to its end.
 */
class Upload extends Readable {
  readonly #request: IncomingMessage;
  #beginning: readonly Buffer[];
  wasRead = false;
  readonly #onData = (chunk: Buffer) => {
    if (!this.push(chunk)) this.#request.pause();
  };
  readonly #onEnd = () => this.push(null);

  constructor(request: IncomingMessage, beginning: readonly Buffer[]) {
    super({ highWaterMark: 65_536 });
    this.#request = request;
    this.#beginning = beginning;
    // An error that comes when undici no longer listens would end the process.
    this.on("error", () => undefined);
  }

  override _read(): void {
    if (this.wasRead) {
      this.#request.resume();
      return;
    }
    this.wasRead = true;
    this.#request.on("data", this.#onData).on("end", this.#onEnd).pause();
    for (const chunk of this.#beginning) this.push(chunk);
    this.#beginning = [];
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#request.off("data", this.#onData).off("end", this.#onEnd);
    callback(error);
  }
}
