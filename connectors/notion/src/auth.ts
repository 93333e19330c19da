import { oauth2 } from "@tenon/connector";
import { notionVersion } from "./api.ts";

/**
 * Notion's OAuth: JSON token body, Basic client authentication, no scopes, no PKCE.
 * `refresh_token` may be null (older apps); then the access token does not expire.
 */
export const auth = oauth2({
  authorizeUrl: "/v1/oauth/authorize",
  tokenUrl: "/v1/oauth/token",
  revokeUrl: "/v1/oauth/revoke",
  authorizeParams: { owner: "user" },
  clientAuth: "basic",
  tokenBody: "json",
  headers: { "notion-version": notionVersion },
  accountId: ["bot_id", "workspace_id"],
  providerData: {
    workspaceId: "workspace_id",
    workspaceName: "workspace_name",
    workspaceIcon: "workspace_icon",
    botId: "bot_id",
    userId: "owner.user.id",
    userName: "owner.user.name",
    userEmail: "owner.user.person.email",
  },
});
