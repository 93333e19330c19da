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
