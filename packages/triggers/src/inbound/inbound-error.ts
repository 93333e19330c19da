import { AppError } from "@tenon/connector";

/** Every code that inbound webhooks raise, with its HTTP status. Never 401 or 403. */
const inboundErrorCodes = {
  invalid_request: 400,
  webhook_signature_invalid: 400,
  not_found: 404,
  webhook_handshake_not_found: 404,
  webhook_not_active: 409,
  webhook_handshakes_too_many: 429,
} as const;
export type InboundErrorCode = keyof typeof inboundErrorCodes;

/** An error of inbound webhooks, with the status its code has. */
export function inboundError(code: InboundErrorCode, message: string): AppError<InboundErrorCode> {
  const retryAfter = code === "webhook_handshakes_too_many" ? { retryAfter: 60 } : {};
  return new AppError(code, inboundErrorCodes[code], message, retryAfter);
}
