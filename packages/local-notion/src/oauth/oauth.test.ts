import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consent, exchange, openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";
import { developmentApp } from "./development-app.ts";

const redirectUri = "http://localhost:3999/callback";
const basic = Buffer.from(`${developmentApp.clientId}:${developmentApp.clientSecret}`).toString(
  "base64",
);
let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

function authorizeUrl(changes: Record<string, string | undefined> = {}): string {
  const params = {
    client_id: developmentApp.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    owner: "user",
    state: "s",
    ...changes,
  };
  const given = Object.entries(params).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return `/v1/oauth/authorize?${new URLSearchParams(given).toString()}`;
}

async function newCode(choice: Record<string, string | string[]> = {}): Promise<string> {
  const location = await consent(workspace.url, choice);
  return location.searchParams.get("code") ?? "";
}

async function newPair(choice: Record<string, string | string[]> = {}) {
  const code = await newCode(choice);
  const { body } = await exchange(workspace.url, {
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
  });
  return body as { access_token: string; refresh_token: string; bot_id: string };
}

describe("the consent page", () => {
  it("names the app and offers the pages, without any script", async () => {
    const { status, headers, body } = await workspace.call("GET", authorizeUrl());
    expect(status).toBe(200);
    expect(body["text"]).toContain("Development app");
    expect(body["text"]).toContain('name="page_ids"');
    expect(body["text"]).not.toContain("<script");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  it("escapes what the address brings", async () => {
    const { body } = await workspace.call("GET", authorizeUrl({ state: '"><b>x' }));
    expect(body["text"]).toContain("&quot;&gt;&lt;b&gt;x");
    expect(body["text"]).not.toContain("<b>x");
  });

  it("shows an error page for an unknown app and never redirects", async () => {
    const answer = await workspace.call("GET", authorizeUrl({ client_id: "nobody" }));
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
  });

  it.each([
    "https://elsewhere.example/cb",
    "http://localhost.evil.example/",
    "javascript:alert(1)",
  ])("does not redirect to %s", async (address) => {
    const answer = await workspace.call("GET", authorizeUrl({ redirect_uri: address }));
    expect(answer.status).toBe(400);
    expect(answer.headers.get("location")).toBeNull();
  });

  it.each([
    ["unsupported_response_type", { response_type: "token" }],
    ["invalid_request", { response_type: undefined }],
    ["invalid_request", { owner: undefined }],
  ])("sends %s back to the app with its state", async (error, changes) => {
    const answer = await workspace.call("GET", authorizeUrl(changes));
    const location = new URL(answer.headers.get("location") ?? "");
    expect(answer.status).toBe(302);
    expect(location.searchParams.get("error")).toBe(error);
    expect(location.searchParams.get("state")).toBe("s");
  });

  it("sends access_denied back when the person cancels", async () => {
    const location = await consent(workspace.url, { decision: "cancel" });
    expect(location.searchParams.get("error")).toBe("access_denied");
    expect(location.searchParams.get("state")).toBe("state-1");
  });

  it.each([
    ["sec-fetch-site", "cross-site"],
    ["origin", "https://evil.example"],
  ] as const)("does not take a decision from another site (%s: %s)", async (name, value) => {
    const form = new URLSearchParams({
      client_id: developmentApp.clientId,
      redirect_uri: redirectUri,
      response_type: "code",
      owner: "user",
      decision: "allow",
    });
    const answer = await fetch(`${workspace.url}/v1/oauth/authorize`, {
      method: "POST",
      body: form,
      redirect: "manual",
      headers: { [name]: value },
    });
    expect(answer.status).toBe(403);
  });
});

describe("a decision under a name that was made to lead here", () => {
  const decideAs = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const form = new URLSearchParams({
        client_id: developmentApp.clientId,
        redirect_uri: redirectUri,
        response_type: "code",
        owner: "user",
        decision: "allow",
      }).toString();
      const url = `${workspace.url}/v1/oauth/authorize`;
      const sent = request(url, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject).end(form);
    });

  it("is not taken from a browser", async () => {
    const site = { "sec-fetch-site": "same-origin" };
    expect(await decideAs({ host: "evil.example", ...site })).toBe(403);
    expect(await decideAs({ host: "notion.localhost:4781", ...site })).toBe(302);
  });
});

describe("the token endpoint", () => {
  it("answers with a fresh pair, who granted it, and where", async () => {
    const { status, body, headers } = await exchange(workspace.url, {
      grant_type: "authorization_code",
      code: await newCode(),
      redirect_uri: redirectUri,
    });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      "access_token",
      "token_type",
      "refresh_token",
      "bot_id",
      "workspace_icon",
      "workspace_name",
      "workspace_id",
      "owner",
      "duplicated_template_id",
      "request_id",
    ]);
    expect(body["access_token"]).toMatch(/^ntn_/);
    expect(body["owner"].user.person.email).toBe("ada@acme.example");
    expect(headers.get("x-notion-request-id")).toBe(body["request_id"]);
  });

  it("takes a code once", async () => {
    const body = {
      grant_type: "authorization_code",
      code: await newCode(),
      redirect_uri: redirectUri,
    };
    await exchange(workspace.url, body);
    const again = await exchange(workspace.url, body);
    expect(again.status).toBe(400);
    expect(again.body).toMatchObject({ code: "invalid_grant", error: "invalid_grant" });
  });

  it("takes a code only with the redirect address it was made for", async () => {
    const other = await exchange(workspace.url, {
      grant_type: "authorization_code",
      code: await newCode(),
      redirect_uri: "http://localhost:1/",
    });
    expect(other.body["error"]).toBe("invalid_grant");
    const missing = await exchange(workspace.url, {
      grant_type: "authorization_code",
      code: await newCode(),
    });
    expect(missing.body["error_description"]).toBe(
      "body failed validation: body.redirect_uri should be defined, instead was `undefined`.",
    );
  });

  it("refuses a code after ten minutes", async () => {
    const code = await newCode();
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 601_000 } });
    const late = await exchange(workspace.url, {
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
    });
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 0 } });
    expect(late.body["error"]).toBe("invalid_grant");
  });

  it("refuses wrong credentials with 401", async () => {
    const answer = await exchange(
      workspace.url,
      { grant_type: "refresh_token", refresh_token: "x" },
      `${developmentApp.clientId}:wrong`,
    );
    expect(answer.status).toBe(401);
    expect(answer.body["error"]).toBe("invalid_client");
  });

  it("names a grant type it does not know", async () => {
    const answer = await exchange(workspace.url, { grant_type: "password" });
    expect(answer.body["error"]).toBe("unsupported_grant_type");
  });

  it("rotates both tokens on refresh and refuses the old ones at once", async () => {
    const old = await newPair();
    const renewed = await exchange(workspace.url, {
      grant_type: "refresh_token",
      refresh_token: old.refresh_token,
    });
    expect(renewed.body["bot_id"]).toBe(old.bot_id);
    const withOld = await workspace.call("GET", "/v1/users/me", { token: old.access_token });
    const withNew = await workspace.call("GET", "/v1/users/me", {
      token: renewed.body["access_token"],
    });
    expect([withOld.status, withNew.status]).toEqual([401, 200]);
    const again = await exchange(workspace.url, {
      grant_type: "refresh_token",
      refresh_token: old.refresh_token,
    });
    expect(again.body["error"]).toBe("invalid_grant");
  });

  it("mints another pair of the same bot for another authorization", async () => {
    const [first, second] = [await newPair(), await newPair()];
    expect(second.access_token).not.toBe(first.access_token);
    expect(second.bot_id).toBe(first.bot_id);
  });

  it("makes a bot of its own for another person", async () => {
    const ada = await newPair();
    const ben = await newPair({ person_id: "3ac0de10-ca1a-4a01-8a01-0000000000b2" });
    expect(ben.bot_id).not.toBe(ada.bot_id);
  });

  it.each([
    ["rfc6749", ["error", "error_description", "request_id"]],
    ["notion", ["object", "status", "code", "message", "request_id"]],
  ] as const)("words errors the %s way when asked to", async (oauthErrors, keys) => {
    await workspace.call("PATCH", "/_local/settings", { body: { oauthErrors } });
    const { body } = await exchange(workspace.url, {
      grant_type: "refresh_token",
      refresh_token: "unknown",
    });
    await workspace.call("PATCH", "/_local/settings", { body: { oauthErrors: "both" } });
    expect(Object.keys(body)).toEqual(keys);
  });
});

describe("a granted token", () => {
  it("sees the chosen page and what is in it, and nothing else", async () => {
    const all = await workspace.client().search({ query: "Meeting" });
    const notes = all.results[0]?.id ?? "";
    const { access_token: token } = await newPair({ page_ids: notes });
    const { results } = await workspace.client("2026-03-11", token).search({});
    const titles = results.map((page) => JSON.stringify(page)).join();
    expect(titles).toContain("Kick-off");
    expect(titles).not.toContain("Roadmap");
  });

  it("is told of by introspection until it is revoked", async () => {
    const { access_token: token } = await newPair({
      person_id: "3ac0de10-ca1a-4a01-8a01-0000000000b2",
    });
    const ask = (path: string) =>
      workspace.call("POST", path, {
        body: { token },
        token: null,
        headers: { authorization: `Basic ${basic}` },
      });
    expect((await ask("/v1/oauth/introspect")).body["active"]).toBe(true);
    expect((await ask("/v1/oauth/revoke")).status).toBe(200);
    expect((await ask("/v1/oauth/introspect")).body["active"]).toBe(false);
    expect((await workspace.call("GET", "/v1/users/me", { token })).status).toBe(401);
  });

  it("dies when the person takes the access away", async () => {
    const { access_token: token, bot_id: botId } = await newPair();
    const { body } = await workspace.call("GET", "/_local/connections");
    expect(JSON.stringify(body)).toContain(botId);
    await workspace.call("DELETE", `/_local/connections/${botId}`);
    const answer = await workspace.call("GET", "/v1/users/me", { token });
    expect(answer.body["message"]).toBe("API token is invalid.");
  });
});
