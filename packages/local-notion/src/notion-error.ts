export type NotionErrorCode =
  | "invalid_json"
  | "invalid_request_url"
  | "invalid_request"
  | "validation_error"
  | "missing_version"
  | "unauthorized"
  | "restricted_resource"
  | "object_not_found"
  | "conflict_error"
  | "rate_limited"
  | "internal_server_error"
  | "bad_gateway"
  | "service_unavailable"
  | "service_overload"
  | "gateway_timeout";

/** The status an error is answered with, and what Notion calls it. */
export type ErrorKind = readonly [status: number, code: NotionErrorCode];

export interface NotionErrorOptions {
  additionalData?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** An answer of the API that is an error, in the words and with the status Notion uses. */
export class NotionError extends Error {
  override readonly name = "NotionError";
  readonly status: number;
  readonly code: NotionErrorCode;
  readonly additionalData: Record<string, unknown> | undefined;
  readonly headers: Record<string, string>;

  constructor(kind: ErrorKind, message: string, options: NotionErrorOptions = {}) {
    super(message);
    [this.status, this.code] = kind;
    this.additionalData = options.additionalData;
    this.headers = options.headers ?? {};
  }

  static validation(message: string, additionalData?: Record<string, unknown>): NotionError {
    const options = additionalData ? { additionalData } : {};
    return new NotionError([400, "validation_error"], message, options);
  }

  toBody(requestId: string): Record<string, unknown> {
    const { status, code, message, additionalData } = this;
    return {
      object: "error",
      status,
      code,
      message,
      ...(additionalData ? { additional_data: additionalData } : {}),
      request_id: requestId,
    };
  }
}
