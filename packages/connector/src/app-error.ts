/** Optional facts an {@link AppError} carries beside its message. */
export interface AppErrorOptions {
  /** Facts for the caller, safe to send over HTTP. Never secrets. */
  details?: Record<string, unknown>;
  /** Seconds after which a repeat may succeed; sent as `Retry-After`. */
  retryAfter?: number;
  cause?: unknown;
}

/**
 * The one error type that is allowed to reach a caller.
 *
 * Each package declares the closed union of codes it raises and throws `AppError<ThatUnion>`.
 * `message` names the thing and the next move; anything that is not an `AppError` becomes a
 * 500 with no detail.
 */
export class AppError<Code extends string = string> extends Error {
  override readonly name = "AppError";
  readonly code: Code;
  /** HTTP status to answer with. */
  readonly status: number;
  readonly details: Record<string, unknown>;
  readonly retryAfter: number | undefined;

  constructor(code: Code, status: number, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = status;
    this.details = options.details ?? {};
    this.retryAfter = options.retryAfter;
  }
}
