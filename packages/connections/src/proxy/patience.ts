import { backoffMs } from "../backoff.ts";
import type { PermitAsk, Priority } from "../limiter/limiter.ts";
import { type ProviderHeaders, readHeader } from "./response-headers.ts";
import { readRetryAfterMs } from "../retry-after.ts";

/** How long one call may wait in all: for permits, for Retry-After and between attempts. */
const waitBudgetMs = 60_000;

/** Times a call is sent while the provider says that it is busy, and while something is broken. */
const maxBusyAttempts = 6;
const maxBrokenAttempts = 3;

const busyBackoff = { baseMs: 1_000, maxMs: 30_000 };
const brokenBackoff = { baseMs: 250, maxMs: 2_000 };
/** So that a Retry-After of zero does not make us a hammer. */
const shortestBusyMs = 100;

/** Repeating these has the effect of sending them once (RFC 9110 §9.2.2). */
const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** True for any method that had an Idempotency-Key: the provider then tells repeats apart. */
export function isIdempotent(method: string, hasIdempotencyKey: boolean): boolean {
  return hasIdempotencyKey || idempotentMethods.has(method);
}

/** The provider did not do it and says to come back later, which holds for any method. */
export function isBusy(status: number): boolean {
  return status === 429 || status === 529;
}

/** The provider may or may not have done it. */
export function isBroken(status: number): boolean {
  return status === 500 || (status >= 502 && status <= 504);
}

/** What one call may still wait and try. */
export class Patience implements PermitAsk {
  readonly priority: Priority;
  /** What is left of the call's waiting time. */
  maxWaitMs = waitBudgetMs;
  /** Times the call was sent since it was aimed at its target. */
  attempts = 0;

  constructor(priority: Priority) {
    this.priority = priority;
  }

  /** How long a provider that {@link isBusy} asks to wait, or ought to. */
  busyDelayMs(headers: ProviderHeaders): number {
    const asked = readRetryAfterMs(readHeader(headers, "retry-after"));
    return Math.max(shortestBusyMs, asked ?? backoffMs(this.attempts - 1, busyBackoff));
  }

  /** False: the provider's answer is better than the wait. */
  bearsBusy(delayMs: number): boolean {
    return this.attempts < maxBusyAttempts && delayMs <= this.maxWaitMs;
  }

  /**
   * After how long to try again when something broke; undefined: not again.
   *
   * @param headers of an answer that {@link isBroken}.
   */
  brokenDelayMs(headers: ProviderHeaders = {}): number | undefined {
    if (this.attempts >= maxBrokenAttempts) return undefined;
    const asked = readRetryAfterMs(readHeader(headers, "retry-after")) ?? 0;
    const delayMs = Math.max(asked, backoffMs(this.attempts - 1, brokenBackoff));
    return delayMs <= this.maxWaitMs ? delayMs : undefined;
  }
}
