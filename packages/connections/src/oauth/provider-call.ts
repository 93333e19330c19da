import { setTimeout as sleep } from "node:timers/promises";
import { Client, type Dispatcher, errors } from "undici";
import { backoffMs } from "../backoff.ts";
import { readRetryAfterMs } from "../retry-after.ts";

/** A POST to an endpoint of the provider's authorization server. */
export interface ProviderCall {
  /** The provider's name, for messages. */
  title: string;
  url: URL;
  headers: Record<string, string>;
  body: string;
  limits: { attemptMs: number; totalMs: number };
}

/** What came back, whatever it says; or that nothing did. */
export type ProviderAnswer =
  | {
      kind: "answer";
      status: number;
      contentType: string;
      text: string;
      retryAfterMs: number | undefined;
    }
  /** The request was never sent. */
  | { kind: "unreachable"; reason: string }
  /** It was sent, or may have been, and no whole answer came. */
  | { kind: "lost"; reason: "timeout" | "cut" | "too_long" };

const maxBytes = 1024 * 1024;
const maxRepeats = 2;

/**
 * Sends the call, each time on a connection of its own: one kept open from before might be closed
 * by the provider at the moment of sending, which looks like a lost answer.
 *
 * - Sent again, twice at most and within the limits, only where the provider cannot have acted: it
 *   was not reached, or it answered 429, or 503 with Retry-After.
 * - An answer that was lost after sending is never asked for again.
 * - Redirects are not followed: the credentials go to the endpoint's own host only.
 */
export async function callProvider(call: ProviderCall): Promise<ProviderAnswer> {
  const startedAt = performance.now();
  for (let repeats = 0; ; repeats += 1) {
    const leftMs = Math.ceil(call.limits.totalMs - (performance.now() - startedAt));
    const answer = await sendOnce(call, Math.min(call.limits.attemptMs, leftMs));
    const waitMs = repeatAfterMs(answer, repeats);
    const spentMs = performance.now() - startedAt;
    if (waitMs === undefined || repeats === maxRepeats) return answer;
    if (spentMs + waitMs >= call.limits.totalMs) return answer;
    await sleep(waitMs);
  }
}

/** How long to wait before the same call may be sent again, or undefined where it may not. */
function repeatAfterMs(answer: ProviderAnswer, repeats: number): number | undefined {
  const waitMs = backoffMs(repeats, { baseMs: 250, maxMs: 2000 });
  switch (answer.kind) {
    case "unreachable":
      return waitMs;
    case "lost":
      return undefined;
    case "answer":
      if (answer.status === 429) return answer.retryAfterMs ?? waitMs;
      return answer.status === 503 ? answer.retryAfterMs : undefined;
    default:
      return answer satisfies never;
  }
}

async function sendOnce(call: ProviderCall, timeoutMs: number): Promise<ProviderAnswer> {
  const { url, headers, body } = call;
  const client = new Client(url.origin, {
    connect: { timeout: Math.min(timeoutMs, 10_000) },
    maxResponseSize: maxBytes,
    allowH2: false,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await client.request({
      method: "POST",
      path: `${url.pathname}${url.search}`,
      headers,
      body,
      reset: true,
      signal,
    });
    return await readAnswer(response);
  } catch (cause) {
    return toFailure(cause);
  } finally {
    await client.destroy();
  }
}

async function readAnswer(response: Dispatcher.ResponseData): Promise<ProviderAnswer> {
  const { statusCode, headers, body } = response;
  const text = await body.text();
  return {
    kind: "answer",
    status: statusCode,
    contentType: String(headers["content-type"] ?? ""),
    text,
    retryAfterMs: readRetryAfterMs([headers["retry-after"]].flat()[0]),
  };
}

/** Errors that come before anything was sent. Any other may have come after. */
const unsentCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function toFailure(cause: unknown): ProviderAnswer {
  if (cause instanceof errors.InvalidArgumentError) throw cause;
  const code = readCode(cause);
  if (unsentCodes.has(code)) return { kind: "unreachable", reason: code };
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return { kind: "lost", reason: "too_long" };
  const isTimeout = cause instanceof Error && cause.name === "TimeoutError";
  return { kind: "lost", reason: isTimeout ? "timeout" : "cut" };
}

/** The code of an error, or of the first of several (one per address that was tried). */
function readCode(cause: unknown): string {
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined;
  const error = first ?? cause;
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "";
}
