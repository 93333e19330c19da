import { AppError, type Connector } from "@tenon/connector";
import type { ConnectionErrorCode } from "../credentials.ts";

const timeouts: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/** What undici refuses to send: faults of the caller's request. */
const refusals: ReadonlySet<string> = new Set([
  "UND_ERR_INVALID_ARG",
  "UND_ERR_NOT_SUPPORTED",
  "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH",
]);

/** The code of an error, or of the first of several: one per address that was tried. */
export function readErrorCode(error: unknown): string {
  const one: unknown = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return one instanceof Error && "code" in one && typeof one.code === "string" ? one.code : "";
}

export function isTimeout(error: unknown): boolean {
  return timeouts.has(readErrorCode(error));
}

export function isRefusal(error: unknown): boolean {
  return refusals.has(readErrorCode(error));
}

/**
 * What the caller is told where no answer came from the provider. `details.outcome` says whether
 * the provider can have acted on the request.
 */
export function toCallerError(
  cause: unknown,
  { connector, wasSent }: { connector: Connector; wasSent: boolean },
): AppError<ConnectionErrorCode> {
  const { title } = connector;
  const code = readErrorCode(cause);
  const outcome = wasSent ? "unknown" : "not_sent";
  const hint = wasSent
    ? "It may or may not have acted on the request."
    : "The request was not sent; it is safe to repeat.";
  const options = { cause, details: { outcome } };
  if (isRefusal(cause)) {
    const reason = cause instanceof Error ? cause.message : code;
    const message = `The request cannot be forwarded to ${title}: ${reason}.`;
    return new AppError("proxy_request_invalid", 400, message, options);
  }
  if (isTimeout(cause)) {
    const message = `${title} did not answer in time (${code}). ${hint}`;
    return new AppError("provider_timeout", 504, message, options);
  }
  const message = `${title} could not be reached or broke off (${code || "no code"}). ${hint}`;
  return new AppError("provider_unavailable", 502, message, options);
}

export function methodNotAllowed(method: string): AppError<ConnectionErrorCode> {
  return new AppError("method_not_allowed", 405, `${method} cannot be forwarded to a provider.`);
}

export function uploadNotRepeatable(connector: Connector): AppError<ConnectionErrorCode> {
  return new AppError(
    "upload_not_repeatable",
    503,
    `${connector.title} refused the access token, which was renewed since. The body was too large ` +
      "to keep and has to be sent again: repeat the request now.",
    { retryAfter: 0 },
  );
}
