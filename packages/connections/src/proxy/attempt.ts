import type { Dispatcher } from "undici";
import type { ProviderHeaders } from "./response-headers.ts";

/** What one sending of a request tells the exchange that it belongs to. */
export interface AttemptListener {
  /** The status and headers are there: pass them on, or {@link Attempt.abandon} and try again. */
  onHead(status: number, headers: ProviderHeaders, controller: Dispatcher.DispatchController): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(error: Error): void;
}

/** What is read of an abandoned answer, to keep its connection, before that is given up too. */
const maxDrainedBytes = 65_536;

/** One sending of a request to the provider. */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #listener: AttemptListener;
  #controller: Dispatcher.DispatchController | undefined;
  #isAbandoned = false;
  #mayDrain = false;
  #drained = 0;

  constructor(listener: AttemptListener) {
    this.#listener = listener;
  }

  /** False while the provider cannot have seen anything of the request. */
  get wasSent(): boolean {
    return this.#controller !== undefined;
  }

  /** The listener hears no more of it; the connection to the provider is kept where that is cheap. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#mayDrain = true;
  }

  /** The listener hears no more of it, and the connection to the provider is closed. */
  abort(): void {
    this.#isAbandoned = true;
    this.#controller?.abort(new Error("The request is no longer wanted."));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It stood in line for a connection, and meanwhile the caller went away.
    if (this.#isAbandoned) this.abort();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: ProviderHeaders,
  ): void {
    // 1xx are for this hop; the final answer follows.
    if (status >= 200 && !this.#isAbandoned) this.#listener.onHead(status, headers, controller);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isAbandoned) {
      this.#listener.onData(chunk);
      return;
    }
    this.#drained += chunk.length;
    if (!this.#mayDrain || this.#drained > maxDrainedBytes) this.abort();
  }

  onResponseEnd(): void {
    if (!this.#isAbandoned) this.#listener.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#isAbandoned) return;
    this.#isAbandoned = true;
    this.#listener.onFailure(error);
  }
}
