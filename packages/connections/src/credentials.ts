/** What an outgoing call needs of a connection. Held in memory only; never logged. */
export interface Credential {
  readonly connectionId: string;
  readonly accessToken: string;
  /** Counts the token pairs of this connection; a higher one is newer. */
  readonly tokenVersion: number;
  /** The API base URL this connection was made with, without a trailing slash. */
  readonly baseUrl: string;
}

/** Hands out connections' credentials and renews them. */
export interface CredentialSource {
  /**
   * The current credential: at once where it is in memory, else from the database.
   *
   * - Throws `connection_not_found` or `connection_invalid` ({@link ConnectionErrorCode}).
   * - Renews first where the provider told an expiry and it is near.
   */
  get(connectionId: string): Credential | Promise<Credential>;
  /**
   * A credential newer than `usedVersion`, after the provider refused that one with 401.
   *
   * - Many callers, many processes: one exchange.
   * - Throws `connection_invalid` where the provider refuses for good, `provider_unavailable`
   *   where it could not be reached.
   */
  renew(connectionId: string, usedVersion: number): Promise<Credential>;
}

/** Codes of errors raised by connections and the proxy. */
export type ConnectionErrorCode =
  | "connection_not_found"
  | "connection_invalid"
  | "provider_unavailable"
  | "provider_timeout"
  | "provider_refused"
  | "rate_limited"
  | "proxy_target_refused"
  | "proxy_request_invalid"
  | "upload_not_repeatable"
  | "method_not_allowed";
