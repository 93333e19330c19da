import { AppError } from "@tenon/connector";
import type { ConnectionErrorCode } from "../credentials.ts";

export function connectionNotFound(connectionId: string): AppError<ConnectionErrorCode> {
  return new AppError(
    "connection_not_found",
    404,
    `Connection ${connectionId} does not exist. It may have been disconnected; connect again.`,
    { details: { connectionId } },
  );
}

export function connectionInvalid(
  connectionId: string,
  reason: string,
): AppError<ConnectionErrorCode> {
  return new AppError(
    "connection_invalid",
    409,
    `Connection ${connectionId} no longer works: ${reason}`,
    { details: { connectionId } },
  );
}

export function providerUnavailable(
  connectionId: string,
  reason: string,
  retryAfterMs: number,
): AppError<ConnectionErrorCode> {
  return new AppError(
    "provider_unavailable",
    502,
    `The access token of connection ${connectionId} cannot be renewed now: ${reason}`,
    { details: { connectionId }, retryAfter: Math.max(1, Math.ceil(retryAfterMs / 1000)) },
  );
}

export function appRefused(title: string, words: string): AppError<ConnectionErrorCode> {
  return new AppError(
    "provider_refused",
    502,
    `${title} refused the app's credentials while renewing access: ${words} Check the Client ID and Client Secret in the integration's settings; users need not connect again.`,
  );
}
