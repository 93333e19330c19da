import type { Settings } from "../settings.ts";

export type OAuthErrorCode =
  | "invalid_request"
  | "invalid_client"
  | "invalid_grant"
  | "unauthorized_client"
  | "unsupported_grant_type";

/** A refusal of the token, introspect or revoke endpoint. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly status: number;
  readonly code: OAuthErrorCode;

  constructor(code: OAuthErrorCode, message: string) {
    super(message);
    this.code = code;
    this.status = code === "invalid_client" ? 401 : 400;
  }

  /** Both shapes Notion has been seen to answer with, or one of them alone. */
  toBody(requestId: string, shape: Settings["oauthErrors"]): object {
    const rfc = { error: this.code, error_description: this.message };
    const notion = {
      object: "error",
      status: this.status,
      code: this.code,
      message: this.message,
    };
    switch (shape) {
      case "rfc6749":
        return { ...rfc, request_id: requestId };
      case "notion":
        return { ...notion, request_id: requestId };
      case "both":
        return { ...notion, ...rfc, request_id: requestId };
    }
  }
}
