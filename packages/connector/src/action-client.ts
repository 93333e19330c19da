import type * as z from "zod";

/** A query parameter's value; undefined leaves it out, an array repeats it. */
export type QueryValue = string | number | boolean | undefined | readonly (string | number)[];

export interface ClientRequest<R extends z.ZodType = z.ZodType> {
  query?: Record<string, QueryValue>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as `multipart/form-data`, in the place of a body. */
  form?: FormData;
  headers?: Record<string, string>;
  /** What the answer is parsed with; without it the answer's JSON is returned as it came. */
  returns?: R;
}

/**
 * Calls the provider's API with one connection's credentials: what the proxy knows of tokens, rate
 * limits and hosts holds here too.
 */
export interface ActionClient {
  /**
   * Sends one request and reads its JSON.
   *
   * - An answer that is not 2xx throws {@link ProviderError}.
   * - Waits and repeats are the engine's: a busy provider ends this attempt of the step.
   */
  request<R extends z.ZodType>(
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    request: ClientRequest<R> & { returns: R },
  ): Promise<z.output<R>>;
  request(
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    path: string,
    request?: ClientRequest,
  ): Promise<unknown>;
}

export interface ProviderErrorFacts {
  status: number;
  /** The provider's own code, such as `object_not_found`. */
  code: string | undefined;
  /** The provider's id of the request. */
  requestId: string | undefined;
  /** Milliseconds after which the provider wants to be asked again. */
  retryAfterMs?: number | undefined;
  /** The parsed body, or its text. */
  body: unknown;
  cause?: unknown;
}

/** The provider answered, but not with success. `message` is the provider's. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly status: number;
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly body: unknown;

  constructor(message: string, facts: ProviderErrorFacts) {
    super(message, { cause: facts.cause });
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
    this.body = facts.body;
  }
}
