import type { ProviderData } from "@tenon/connector";

/** What the provider granted. */
export interface TokenGrant {
  accessToken: string;
  /** Undefined: none was given; on a renewal the earlier one stays good (RFC 6749 §6). */
  refreshToken: string | undefined;
  /** Undefined: the provider told no end. */
  expiresAt: Date | undefined;
  /** The account's id, where the response names one. */
  accountId: string | undefined;
  providerData: ProviderData;
}

/** How a call of the token endpoint ended. */
export type TokenOutcome = { kind: "granted"; grant: TokenGrant } | FailedOutcome;

/** An end without tokens. `message` is a sentence for people. */
export type FailedOutcome =
  /** For good: the same request will never succeed. Code and message are the provider's. */
  | { kind: "refused"; code: string; message: string }
  /** Not now, and certainly nothing happened: the same request may be sent again. */
  | { kind: "unavailable"; message: string; retryAfterMs: number | undefined }
  /** The provider may have done it: the answer is missing or says nothing. */
  | {
      kind: "unknown";
      reason: "timeout" | "cut" | "html" | "unreadable" | "server_error";
      message: string;
    };
