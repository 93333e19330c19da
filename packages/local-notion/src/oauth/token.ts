import type { Instance } from "../instance.ts";
import { presentOwner } from "./present-owner.ts";
import type { App, AuthorizationCode, Connection } from "../store/records.ts";
import { looseObject, object, union } from "../validate/composites.ts";
import { literal, optional, string } from "../validate/scalars.ts";
import { place, toMessage, type Problem, type Schema } from "../validate/schema.ts";
import { grant } from "./connections.ts";
import { OAuthError } from "./oauth-error.ts";
import { endConnection, endToken, findToken, hashSecret, mintPair, tokensOf } from "./tokens.ts";

const codeRequest = looseObject({
  grant_type: literal("authorization_code"),
  code: string(),
  redirect_uri: optional(string()),
  external_account: optional(object({ key: string(), name: string() })),
});
const refreshRequest = looseObject({
  grant_type: literal("refresh_token"),
  refresh_token: string(),
});
const grantTypes = union(
  looseObject({ grant_type: literal("authorization_code") }),
  looseObject({ grant_type: literal("refresh_token") }),
);
const tokenRequest = looseObject({ token: string() });

/** Exchanges a code or a refresh token for a fresh pair. */
export function exchangeToken(instance: Instance, app: App, body: unknown): object {
  const grantType = (body as { grant_type?: unknown } | undefined)?.grant_type;
  if (
    typeof grantType === "string" &&
    !["authorization_code", "refresh_token"].includes(grantType)
  ) {
    throw new OAuthError("unsupported_grant_type", `grant_type ${grantType} is not supported.`);
  }
  if (parse(grantTypes, body).grant_type === "refresh_token") {
    return refresh(instance, app, parse(refreshRequest, body).refresh_token);
  }
  const request = parse(codeRequest, body);
  const code = takeCode(instance, app, request);
  const { personId, pageIds } = code;
  return answer(instance, grant(instance, { appId: app.id, personId, pageIds }));
}

/** Uses up a code: one exchange, within ten minutes, by its app, with its redirect address. */
function takeCode(
  { store, clock }: Instance,
  app: App,
  request: { code: string; redirect_uri?: string },
): AuthorizationCode {
  const code = store.get("codes", hashSecret(request.code));
  if (!code || code.appId !== app.id) throw new OAuthError("invalid_grant", "Invalid code.");
  if (code.used) {
    throw new OAuthError("invalid_grant", "Invalid code: this code has been revoked.");
  }
  if (clock.now() > code.expiresTime) {
    throw new OAuthError("invalid_grant", "Invalid code: this code has expired.");
  }
  const { redirect_uri: redirectUri } = request;
  if (redirectUri === undefined && code.redirectUriGiven) {
    throw new OAuthError(
      "invalid_request",
      "body failed validation: body.redirect_uri should be defined, instead was `undefined`.",
    );
  }
  if (redirectUri !== undefined && redirectUri !== code.redirectUri) {
    throw new OAuthError("invalid_grant", "Mismatched redirect URI.");
  }
  store.put("codes", { ...code, used: true });
  return code;
}

/** Rotates both tokens: the old ones are refused from here on. */
function refresh(instance: Instance, app: App, refreshToken: string): object {
  const token = findToken(instance, refreshToken);
  const connection = instance.store.get("connections", token?.connectionId ?? "");
  if (!token || token.kind !== "refresh" || !connection || connection.appId !== app.id) {
    throw new OAuthError("invalid_grant", "Invalid refresh token.");
  }
  endToken(instance, token);
  return answer(instance, connection);
}

function answer(instance: Instance, connection: Connection): object {
  const { accessToken, refreshToken } = mintPair(instance, connection.id);
  const workspace = instance.store.get("workspaces", connection.workspaceId);
  return {
    access_token: accessToken,
    token_type: "bearer",
    refresh_token: refreshToken,
    bot_id: connection.id,
    workspace_icon: workspace?.icon ?? null,
    workspace_name: workspace?.name ?? null,
    workspace_id: connection.workspaceId,
    owner: presentOwner(instance, connection),
    duplicated_template_id: null,
  };
}

/** Whether a token is good, as far as its own app may know. */
export function introspectToken(instance: Instance, app: App, body: unknown): object {
  const token = findToken(instance, parse(tokenRequest, body).token);
  const connection = instance.store.get("connections", token?.connectionId ?? "");
  if (!token || connection?.appId !== app.id) return { active: false };
  return { active: true, scope: scopeOf(app), iat: Math.floor(token.issuedTime / 1_000) };
}

function scopeOf({ capabilities }: App): string {
  const names = [
    capabilities.readContent && "read_content",
    capabilities.updateContent && "update_content",
    capabilities.insertContent && "insert_content",
    capabilities.readComments && "read_comments",
    capabilities.insertComments && "insert_comments",
    capabilities.users !== "none" && "read_user",
    capabilities.users === "with_email" && "read_user_with_email",
  ];
  return names.filter(Boolean).join(" ");
}

/** Ends a token and its partner; one that is unknown is as good as ended (RFC 7009). */
export function revokeToken(instance: Instance, app: App, body: unknown): object {
  const token = findToken(instance, parse(tokenRequest, body).token);
  const connection = instance.store.get("connections", token?.connectionId ?? "");
  if (!token || !connection || connection.appId !== app.id) return {};
  endToken(instance, token);
  if (tokensOf(instance, connection.id).length === 0) endConnection(instance, connection);
  return {};
}

function parse<T>(schema: Schema<T>, body: unknown): T {
  const problems: Problem[] = [];
  schema.check(body, place("body"), problems);
  if (problems.length > 0) {
    throw new OAuthError("invalid_request", toMessage("body", problems));
  }
  // The border: the schema holds for the value.
  return body as T;
}
