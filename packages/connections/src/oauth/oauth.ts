import type { OAuthApp } from "../app-credentials.ts";
import type { TokenPair } from "../tokens/token-pair.ts";
import { callProvider, type ProviderCall } from "./provider-call.ts";
import { isSuccess, readFailure, readTokenAnswer } from "./token-answer.ts";
import type { TokenOutcome } from "./token-outcome.ts";

const exchangeLimits = { attemptMs: 30_000, totalMs: 40_000 };
const revokeLimits = { attemptMs: 10_000, totalMs: 10_000 };

/** Where the user's browser goes to consent (RFC 6749 §4.1.1). */
export function authorizeUrl(
  { connector: { auth }, credentials }: OAuthApp,
  request: { state: string; redirectUri: string },
): string {
  const url = new URL(toAbsolute(credentials.baseUrl, auth.authorizeUrl));
  const params = {
    ...auth.authorizeParams,
    client_id: credentials.clientId,
    redirect_uri: request.redirectUri,
    response_type: "code",
    ...(auth.scopes && auth.scopes.length > 0 && { scope: auth.scopes.join(" ") }),
    state: request.state,
  };
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}

/** Exchanges an authorization code for tokens (RFC 6749 §4.1.3). Never throws for the provider. */
export function exchangeCode(
  app: OAuthApp,
  request: { code: string; redirectUri?: string | undefined },
): Promise<TokenOutcome> {
  return requestTokens(app, {
    grant_type: "authorization_code",
    code: request.code,
    ...(request.redirectUri !== undefined && { redirect_uri: request.redirectUri }),
  });
}

/** Exchanges a refresh token for a new pair (RFC 6749 §6). Never throws for the provider. */
export function refreshTokens(app: OAuthApp, refreshToken: string): Promise<TokenOutcome> {
  return requestTokens(app, { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Error codes by which a provider says that the token had ended before. */
const deadTokenCodes: ReadonlySet<string> = new Set(["invalid_grant", "invalid_token"]);

/** Whether the provider confirmed that a grant ended. */
export type Revocation = { revoked: true } | { revoked: false; message: string };

/** Ends a grant at the provider (RFC 7009), within 10 s. Never throws for the provider. */
export async function revokeToken(app: OAuthApp, tokens: TokenPair): Promise<Revocation> {
  const { auth, title } = app.connector;
  if (auth.revokeUrl === undefined) {
    return { revoked: false, message: `${title} has no way to end an app's access from outside.` };
  }
  const token =
    auth.revokeToken === "refresh_token"
      ? (tokens.refreshToken ?? tokens.accessToken)
      : tokens.accessToken;
  const answer = await callProvider(toCall(app, auth.revokeUrl, { token }, revokeLimits));
  if (isSuccess(answer)) return { revoked: true };
  const failure = readFailure(app.connector, answer, [token, app.credentials.clientSecret]);
  const isDead = failure.kind === "refused" && deadTokenCodes.has(failure.code);
  return isDead ? { revoked: true } : { revoked: false, message: failure.message };
}

async function requestTokens(app: OAuthApp, params: Record<string, string>): Promise<TokenOutcome> {
  const call = toCall(app, app.connector.auth.tokenUrl, params, exchangeLimits);
  const answer = await callProvider(call);
  return readTokenAnswer(app.connector, answer, [
    ...Object.values(params),
    app.credentials.clientSecret,
  ]);
}

function toCall(
  { connector: { auth, title }, credentials }: OAuthApp,
  address: string,
  params: Record<string, string>,
  limits: ProviderCall["limits"],
): ProviderCall {
  const { clientId, clientSecret, baseUrl } = credentials;
  const isBasic = auth.clientAuth === "basic";
  const sent = isBasic ? params : { ...params, client_id: clientId, client_secret: clientSecret };
  const isJson = auth.tokenBody === "json";
  return {
    title,
    url: new URL(toAbsolute(baseUrl, address)),
    headers: {
      ...auth.headers,
      accept: "application/json",
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
      ...(isBasic && { authorization: toBasic(clientId, clientSecret) }),
    },
    body: isJson ? JSON.stringify(sent) : new URLSearchParams(sent).toString(),
    limits,
  };
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function toBasic(clientId: string, clientSecret: string): string {
  const encode = (part: string) => new URLSearchParams({ part }).toString().slice("part=".length);
  const pair = `${encode(clientId)}:${encode(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function toAbsolute(baseUrl: string, address: string): string {
  return address.startsWith("/") ? `${baseUrl}${address}` : address;
}
