import { AppError, ProviderError } from "@tenon/connector";
import { StepFailure } from "@tenon/runtime";

/** Why a connection could not be looked at, and when to try again. */
export interface LookFailure {
  message: string;
  /** The account has to be connected again first. */
  isBroken: boolean;
  retryInMs: number;
}

const longestMs = 300_000;
const brokenMs = 900_000;

/** @param attempts how often it was tried before. */
export function toLookFailure(error: unknown, attempts: number): LookFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (codeOf(error) === "connection_invalid" || codeOf(error) === "connection_not_found") {
    return { message, isBroken: true, retryInMs: brokenMs };
  }
  const backOffMs = Math.min(longestMs, 1_000 * 2 ** Math.min(attempts, 10));
  const askedMs =
    error instanceof ProviderError || error instanceof StepFailure ? (error.retryAfterMs ?? 0) : 0;
  return { message, isBroken: false, retryInMs: jitter(Math.max(backOffMs, askedMs)) };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof AppError || error instanceof StepFailure ? error.code : undefined;
}

/** Up to a tenth longer, so that what failed together is not tried together. */
export function jitter(ms: number): number {
  return Math.round(ms * (1 + Math.random() / 10));
}

/** The provider will not show this one thing, now or later. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const { status } = error;
  return status >= 400 && status < 500 && ![401, 408, 409, 425, 429].includes(status);
}
