import type { Client } from "@notionhq/client";
import { developmentApp } from "../oauth/development-app.ts";
import { consent } from "../testing/open-workspace.ts";
import type { ClientCall } from "./client-call.ts";
import { always, listOf, one } from "./expectations.ts";

const credentials = {
  client_id: developmentApp.clientId,
  client_secret: developmentApp.clientSecret,
};

/** People, and the tokens that act for them. */
export const accountCalls: readonly ClientCall[] = [
  {
    method: "users.list",
    endpoint: "GET users",
    expected: always(listOf("user", "user")),
    call: (client) => client.users.list({}),
  },
  {
    method: "users.me",
    endpoint: "GET users/me",
    expected: always(one("user")),
    call: (client) => client.users.me({}),
  },
  {
    method: "users.retrieve",
    endpoint: "GET users/{}",
    expected: always(one("user")),
    call: async (client, { person }) => client.users.retrieve({ user_id: await person() }),
  },
  {
    method: "oauth.token",
    endpoint: "POST oauth/token",
    expected: always(one("grant")),
    call: (client, _subjects, { url }) => grant(client, url),
  },
  {
    method: "oauth.introspect",
    endpoint: "POST oauth/introspect",
    expected: always(one("introspection")),
    call: async (client, _subjects, { url }) => {
      const { access_token: token } = await grant(client, url);
      return client.oauth.introspect({ token, ...credentials });
    },
  },
  {
    method: "oauth.revoke",
    endpoint: "POST oauth/revoke",
    expected: always(one("revocation")),
    call: async (client, _subjects, { url }) => {
      const { access_token: token } = await grant(client, url);
      return client.oauth.revoke({ token, ...credentials });
    },
  },
];

/** A person's consent, exchanged for tokens. */
async function grant(client: Client, url: string): Promise<{ access_token: string }> {
  const code = (await consent(url)).searchParams.get("code") ?? "";
  const redirect = "http://localhost:3999/callback";
  return client.oauth.token({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirect,
    ...credentials,
  });
}
