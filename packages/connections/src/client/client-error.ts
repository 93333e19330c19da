import { AppError, type Connector } from "@tenon/connector";
import type { ConnectionErrorCode } from "../credentials.ts";
import { toCallerError } from "../proxy/provider-failure.ts";
import { ExchangeFailure } from "./whole-exchange.ts";

/** Codes of what a provider client throws, as {@link AppError}. */
export type ProviderClientErrorCode =
  | ConnectionErrorCode
  | "response_too_large"
  /** By the request's signal; its reason is the cause. */
  | "request_aborted";

/**
 * What the caller of the client is told. `details.sent` is true where the provider may have acted
 * on the request. What is a fault of ours passes as it is.
 */
export function toClientError(cause: unknown, connector: Connector, signal: AbortSignal): unknown {
  if (cause instanceof ExchangeFailure) return fromExchange(cause, connector);
  if (cause instanceof AppError) return withSent(cause as AppError<ConnectionErrorCode>, false);
  return signal.aborted ? aborted(connector, { sent: false, cause }) : cause;
}

function fromExchange(
  failure: ExchangeFailure,
  connector: Connector,
): AppError<ProviderClientErrorCode> {
  const { reason, wasSent, cause } = failure;
  switch (reason) {
    case "aborted":
      return aborted(connector, { sent: wasSent, cause });
    case "too_large": {
      const message = `${connector.title}'s answer cannot be taken: ${failure.message} Ask for less at a time.`;
      return new AppError("response_too_large", 502, message, { cause, details: { sent: true } });
    }
    case "timeout":
      if (failure.code === "") return tooSlow(failure, connector);
      return withSent(toCallerError(cause, { connector, wasSent }), wasSent);
    case "refused":
    case "broken":
      return withSent(toCallerError(cause, { connector, wasSent }), wasSent);
    default:
      return reason satisfies never;
  }
}

function tooSlow(
  { message, wasSent, cause }: ExchangeFailure,
  { title }: Connector,
): AppError<ProviderClientErrorCode> {
  const outcome = wasSent ? "It may or may not have acted on the request." : "It was not sent.";
  const details = { sent: wasSent, outcome: wasSent ? "unknown" : "not_sent" };
  return new AppError("provider_timeout", 504, `${title} was too slow: ${message} ${outcome}`, {
    cause,
    details,
  });
}

function aborted(
  { title }: Connector,
  { sent, cause }: { sent: boolean; cause: unknown },
): AppError<ProviderClientErrorCode> {
  const hint = sent ? "It may have reached the provider." : "It was not sent.";
  const message = `The request to ${title} was given up. ${hint}`;
  return new AppError("request_aborted", 499, message, { cause, details: { sent } });
}

function withSent<Code extends string>(error: AppError<Code>, sent: boolean): AppError<Code> {
  const { code, status, message, retryAfter, cause } = error;
  const details = { ...error.details, sent };
  return new AppError(code, status, message, {
    details,
    cause,
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
