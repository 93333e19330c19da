import { backoffMs } from "../backoff.ts";
import { type ProviderHeaders, readHeader } from "./response-headers.ts";
import { readRetryAfterMs } from "./retry-after.ts";

/** How long one call may wait in all: for permits, for Retry-After and between attempts. */
export const waitBudgetMs = 60_000;

/** Times a call is sent while the provider says that it is busy, and while something is broken. */
const maxBusyAttempts = 6;
const maxBrokenAttempts = 3;

const busyBackoff = { baseMs: 1_000, maxMs: 30_000 };
const brokenBackoff = { baseMs: 250, maxMs: 2_000 };

/** Repeating these has the effect of sending them once (RFC 9110 §9.2.2). */
const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

export function isIdempotent(method: string, hasIdempotencyKey: boolean): boolean {
  return hasIdempotencyKey || idempotentMethods.has(method);
}

/** What a decision about another attempt rests on. */
export interface Tried {
  /** Attempts made so far. */
  attempts: number;
  isIdempotent: boolean;
  /** What is left of {@link waitBudgetMs}. */
  waitLeftMs: number;
}

/** The provider did not do it, and says to come back later: true for any method. */
export function isBusy(status: number): boolean {
  return status === 429 || status === 529;
}

/** The provider may or may not have done it. */
export function isBroken(status: number): boolean {
  return status === 500 || (status >= 502 && status <= 504);
}

/** How long a provider that {@link isBusy} asks to wait. */
export function busyDelayMs(headers: ProviderHeaders, attempts: number): number {
  const asked = readRetryAfterMs(readHeader(headers, "retry-after"));
  return Math.max(asked ?? 0, asked === undefined ? backoffMs(attempts - 1, busyBackoff) : 100);
}

/** Whether to send again after `delayMs`, or to pass the provider's answer on. */
export function mayRetryBusy(delayMs: number, { attempts, waitLeftMs }: Tried): boolean {
  return attempts < maxBusyAttempts && delayMs <= waitLeftMs;
}

/** When to send again after something broke; undefined: not at all. */
export function brokenDelayMs(
  { attempts, isIdempotent, waitLeftMs }: Tried,
  headers: ProviderHeaders = {},
): number | undefined {
  if (!isIdempotent || attempts >= maxBrokenAttempts) return undefined;
  const asked = readRetryAfterMs(readHeader(headers, "retry-after")) ?? 0;
  const delayMs = Math.max(asked, backoffMs(attempts - 1, brokenBackoff));
  return delayMs <= waitLeftMs ? delayMs : undefined;
}
