/** A JSON value of a provider's token response, kept beside the connection. */
export type ProviderData = Record<string, string | number | boolean>;

/**
 * OAuth 2.0 (RFC 6749, authorization code grant) as data. The engine interprets it; no provider's
 * name appears there. URLs may be paths, which are then relative to {@link Api.baseUrl}, so that
 * one switch moves the whole connector to another host.
 */
export interface OAuth2 {
  type: "oauth2";
  authorizeUrl: string;
  tokenUrl: string;
  /** RFC 7009-like revocation; called when a user disconnects. */
  revokeUrl?: string;
  /**
   * The token that the revocation takes; by default the access token. Where the refresh token is
   * named but a connection has none, its access token is sent.
   */
  revokeToken?: "access_token" | "refresh_token";
  /** Fixed parameters of the authorize URL, such as Notion's `owner=user`. */
  authorizeParams?: Record<string, string>;
  scopes?: readonly string[];
  /** How the client identifies itself at the token endpoint (RFC 6749 §2.3.1). */
  clientAuth: "basic" | "body";
  /** Encoding of the token request's body. */
  tokenBody: "json" | "form";
  /** Headers of every call to these endpoints. */
  headers?: Record<string, string>;
  /**
   * Where the token response names the account: dot paths, the first that holds a string wins.
   * Two authorizations with the same account id are the same account.
   */
  accountId: readonly string[];
  /** Dot paths of the token response kept as the connection's public data, by the name given. */
  providerData: Record<string, string>;
}

/** Declares OAuth 2.0 authentication. */
export function oauth2(auth: Omit<OAuth2, "type">): OAuth2 {
  return { type: "oauth2", ...auth };
}
