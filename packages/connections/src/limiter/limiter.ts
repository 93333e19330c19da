/** Who goes first where a connection's budget is short. */
export type Priority = "interactive" | "workflow" | "backfill";

/** A provider's published limit for one connection: requests in a window of fixed length. */
export interface RateLimit {
  requests: number;
  windowMs: number;
}

/** Who asks for a permit. */
export interface PermitAsk {
  readonly priority: Priority;
  /** The longest time to stand in line. */
  readonly maxWaitMs: number;
}

/** A place in the line of one connection. */
export interface Wait {
  /**
   * True: one request may be sent now. False: {@link cancel} was called.
   *
   * - Throws `rate_limited` with `retryAfter` where the wait is, or would be, longer than allowed.
   */
  readonly permitted: Promise<boolean>;
  /** Gives the place up, for a caller who has gone away. */
  cancel(): void;
}

/** Hands out permits to send requests with a connection, out of one budget for all processes. */
export interface Limiter {
  /**
   * Takes one permit. Undefined: it was at hand, send now. Otherwise a place in the line: at once
   * behind everyone of the same or a higher priority.
   */
  take(connectionId: string, limit: RateLimit, ask: PermitAsk): Wait | undefined;
  /** Nobody sends with this connection for so long: the provider asked for it with Retry-After. */
  block(connectionId: string, limit: RateLimit, forMs: number): void;
  /** How many connections are held in memory. */
  readonly size: number;
  /** Ends all waits with `rate_limited`. */
  close(): void;
}
