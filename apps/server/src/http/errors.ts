import type { ServerResponse } from "node:http";
import { AppError } from "@tenon/connector";
import { type ErrorBody, type ErrorCode, errorCodes } from "@tenon/contract";
import type { FastifyError } from "fastify";
import { isDatabaseGone } from "@tenon/postgres";
import type { Logger } from "pino";

/** An error of the server's own, with the status its code is documented with. */
export function httpError(
  code: ErrorCode,
  message: string,
  options?: ConstructorParameters<typeof AppError>[3],
): AppError<ErrorCode> {
  return new AppError(code, errorCodes[code][0], message, options);
}

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: ErrorBody;
}

/** The one place where an error becomes an HTTP answer. What is not known becomes a 500 without detail. */
export function toErrorAnswer(error: unknown, requestId: string, log: Logger): ErrorAnswer {
  const known = toAppError(error);
  if (known.status >= 500) log.error({ err: error, requestId }, known.message);
  const headers: Record<string, string> = { "x-tenon-request-id": requestId };
  if (known.retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(known.retryAfter));
  return {
    status: known.status,
    headers,
    body: {
      message: known.message,
      code: known.code,
      status: known.status,
      meta: { ...known.details, requestId },
    },
  };
}

/** Writes an error answer to a raw response, or breaks it off where the answer has begun. */
export function sendError(response: ServerResponse, answer: ErrorAnswer): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function toAppError(error: unknown): AppError<ErrorCode> {
  if (error instanceof AppError && Object.hasOwn(errorCodes, error.code)) {
    return error as AppError<ErrorCode>;
  }
  if (isDatabaseGone(error)) {
    return httpError(
      "service_unavailable",
      "Tenon cannot reach its database right now. Nothing was lost; send the request again.",
      { retryAfter: 1, cause: error },
    );
  }
  if (isUnstorable(error)) {
    return httpError(
      "invalid_request",
      "The request has a text with a NUL character or half of a surrogate pair, which cannot be stored. Take it out.",
      { cause: error },
    );
  }
  return fromFastify(error) ?? httpError("internal_error", internalFault, { cause: error });
}

/**
 * PostgreSQL's character_not_in_repertoire and untranslatable_character (NUL), and what it says of
 * JSON whose escapes are no Unicode: what we send it is JSON in any other way.
 */
function isUnstorable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "22P02") return error.message.includes("type json");
  return code === "22021" || code === "22P05";
}

const internalFault =
  "Something went wrong inside Tenon. The log has the cause under this request id.";

/** Fastify's own refusals, made before a handler ran. */
function fromFastify(error: unknown): AppError<ErrorCode> | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const { statusCode, code } = error as FastifyError;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return httpError("payload_too_large", "The request body is larger than this endpoint accepts.");
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return httpError("invalid_request", error.message);
  }
  return undefined;
}
