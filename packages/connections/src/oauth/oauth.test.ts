import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { defineConnector, oauth2, type OAuth2 } from "@tenon/connector";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OAuthApp } from "../app-credentials.ts";
import { authorizeUrl, exchangeCode, refreshTokens, revokeToken } from "./oauth.ts";

interface Call {
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}
type Answer = (response: ServerResponse, call: number) => void;

let server: Server;
let answer: Answer;
let calls: Call[];
let baseUrl: string;

beforeEach(async () => {
  calls = [];
  server = createServer((request, response) => {
    const { url: path = "", headers } = request;
    void text(request).then((body) => {
      calls.push({ path, headers, body });
      answer(response, calls.length);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function app(auth: Partial<OAuth2> = {}): OAuthApp {
  const connector = defineConnector({
    id: "acme",
    title: "Acme",
    brandColor: "#000",
    icon: "",
    description: "",
    auth: oauth2({
      authorizeUrl: "/authorize?tenant=common",
      tokenUrl: "/token",
      revokeUrl: "/revoke",
      clientAuth: "basic",
      tokenBody: "json",
      headers: { "acme-version": "7" },
      accountId: ["account.id", "id"],
      providerData: { name: "account.name", seats: "seats", none: "none" },
      ...auth,
    }),
    api: {
      baseUrl: "https://acme.example",
      defaultHeaders: {},
      rateLimit: { requests: 1, windowMs: 1000 },
      error: {
        code: ["error", "code"],
        message: ["error_description", "message"],
        requestIdHeader: "x-request-id",
      },
    },
  });
  const credentials = { clientId: "cli/ent", clientSecret: "s:e c", baseUrl } as const;
  return { connector, credentials: { ...credentials, source: "project" } };
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

const request = { code: "the-code", redirectUri: "https://tenon.example/oauth" };
const exchange = () => exchangeCode(app(), request);

test("the authorize URL keeps its own parameters and adds scopes, state and the fixed ones", () => {
  const url = new URL(
    authorizeUrl(app({ authorizeParams: { owner: "user" }, scopes: ["read", "write"] }), {
      state: "s",
      redirectUri: request.redirectUri,
    }),
  );
  expect(url.origin + url.pathname).toBe(`${baseUrl}/authorize`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    tenant: "common",
    owner: "user",
    client_id: "cli/ent",
    redirect_uri: "https://tenon.example/oauth",
    response_type: "code",
    scope: "read write",
    state: "s",
  });
});

test("a code is exchanged with a JSON body and Basic authentication", async () => {
  answer = json(200, {
    access_token: "at",
    refresh_token: "rt",
    expires_in: 3600,
    account: { id: "a1", name: "Ada" },
    seats: 3,
    none: null,
  });
  const before = Date.now();
  const outcome = await exchange();
  expect(outcome).toEqual({
    kind: "granted",
    grant: {
      accessToken: "at",
      refreshToken: "rt",
      expiresAt: expect.any(Date),
      accountId: "a1",
      providerData: { name: "Ada", seats: 3 },
    },
  });
  const endsAt = outcome.kind === "granted" ? outcome.grant.expiresAt?.getTime() : 0;
  expect(endsAt).toBeGreaterThanOrEqual(before + 3_600_000);
  const [call] = calls;
  expect(call?.path).toBe("/token");
  expect(call?.headers).toMatchObject({ "acme-version": "7", "content-type": "application/json" });
  const basic = Buffer.from(call?.headers.authorization?.slice(6) ?? "", "base64").toString();
  expect(basic).toBe("cli%2Fent:s%3Ae+c");
  expect(JSON.parse(call?.body ?? "")).toEqual({
    grant_type: "authorization_code",
    code: "the-code",
    redirect_uri: "https://tenon.example/oauth",
  });
});

test("tokens are renewed with a form and the client in the body where the provider asks that", async () => {
  answer = json(200, { access_token: "at", refresh_token: null });
  const outcome = await refreshTokens(app({ clientAuth: "body", tokenBody: "form" }), "old");
  expect(outcome).toMatchObject({
    kind: "granted",
    grant: { refreshToken: undefined, expiresAt: undefined, accountId: undefined },
  });
  expect(calls[0]?.headers.authorization).toBeUndefined();
  expect(Object.fromEntries(new URLSearchParams(calls[0]?.body))).toEqual({
    grant_type: "refresh_token",
    refresh_token: "old",
    client_id: "cli/ent",
    client_secret: "s:e c",
  });
});

test.each([
  ["of RFC 6749", { error: "invalid_grant", error_description: "Invalid code." }],
  ["of the provider", { object: "error", code: "invalid_grant", message: "Invalid code." }],
])("a refusal in the error shape %s is final and keeps the provider's words", async (_, body) => {
  answer = json(400, body);
  expect(await exchange()).toEqual({
    kind: "refused",
    code: "invalid_grant",
    message: "Invalid code.",
  });
  expect(calls).toHaveLength(1);
});

test("a refusal that comes with status 200 is a refusal", async () => {
  answer = json(200, { error: "bad_code", error_description: "The code is incorrect" });
  const message = "The code is incorrect.";
  expect(await exchange()).toEqual({ kind: "refused", code: "bad_code", message });
});

test("secrets that the provider repeats are hidden, and its words are one short line", async () => {
  const message = `Bad\ncode the-code\u202e of s:e c ${"x".repeat(500)}`;
  answer = json(400, { error: "invalid_grant", error_description: message });
  const outcome = await exchange();
  const words = outcome.kind === "refused" ? outcome.message : "";
  expect(words).toMatch(/^Bad code … of … x+…$/);
  expect(words).toHaveLength(300);
});

test.each([
  ["a web page as a success", 200, "text/html", "<html>Hello</html>", "html"],
  ["a web page as an error", 502, "text/html", "<!doctype html>", "html"],
  ["an empty body", 200, "application/json", "", "unreadable"],
  ["other JSON", 200, "application/json", '{"ok":true}', "unreadable"],
  ["a token that is no header value", 200, "", '{"access_token":"a\\nb"}', "unreadable"],
  ["a server error", 500, "application/json", '{"code":"internal"}', "server_error"],
  ["a server error without a body", 504, "", "", "server_error"],
])("after %s it is unknown what the provider did; it is not asked again", async (...row) => {
  const [, status, contentType, body, reason] = row;
  answer = (response) => {
    response.writeHead(status, { "content-type": contentType }).end(body);
  };
  expect(await exchange()).toMatchObject({ kind: "unknown", reason });
  expect(calls).toHaveLength(1);
});

test("a web page with status 403 comes from something in between and is not a refusal", async () => {
  answer = (response) => {
    response.writeHead(403, { "content-type": "text/html" }).end("<html>Blocked</html>");
  };
  expect(await exchange()).toMatchObject({ kind: "unavailable" });
});

test("an answer over 1 MB is not read", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: "at", padding: "x".repeat(1024 * 1024) }));
  };
  expect(await exchange()).toMatchObject({ kind: "unknown", reason: "unreadable" });
});

test("a connection that is cut after sending is not tried again", async () => {
  answer = (response) => void response.destroy();
  expect(await exchange()).toMatchObject({ kind: "unknown", reason: "cut" });
  expect(calls).toHaveLength(1);
});

test("an answer that is cut half-way is not tried again", async () => {
  answer = (response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write('{"access_token":', () => response.destroy());
  };
  expect(await exchange()).toMatchObject({ kind: "unknown", reason: "cut" });
  expect(calls).toHaveLength(1);
});

test.each([
  [429, { "retry-after": "0" }],
  [429, {}],
  [503, { "retry-after": "0" }],
  [503, { "retry-after": new Date(0).toUTCString() }],
] as const)("a busy provider (%i, %j) is asked again", async (status, headers) => {
  answer = (response, call) =>
    (call === 1
      ? json(status, { code: "busy" }, { ...headers })
      : json(200, { access_token: "at" }))(response, call);
  expect(await exchange()).toMatchObject({ kind: "granted" });
  expect(calls).toHaveLength(2);
});

test("a provider that stays busy is asked three times, then its wait is told", async () => {
  answer = json(429, { code: "rate_limited", message: "Slow down" }, { "retry-after": "0" });
  expect(await exchange()).toEqual({
    kind: "unavailable",
    message: "Acme answered with status 429: Slow down.",
    retryAfterMs: 0,
  });
  expect(calls).toHaveLength(3);
});

test("a provider that asks for a long wait is not waited for", async () => {
  answer = json(429, {}, { "retry-after": "3600" });
  expect(await exchange()).toMatchObject({ kind: "unavailable", retryAfterMs: 3_600_000 });
  expect(calls).toHaveLength(1);
});

test("a 503 that asks for nothing may have acted and is not repeated", async () => {
  answer = json(503, { code: "service_unavailable" });
  expect(await exchange()).toMatchObject({ kind: "unknown", reason: "server_error" });
  expect(calls).toHaveLength(1);
});

test("credentials do not follow a redirect", async () => {
  answer = (response) => {
    response.writeHead(307, { location: `${baseUrl}/elsewhere` }).end();
  };
  expect(await exchange()).toMatchObject({ kind: "unavailable" });
  expect(calls.map(({ path }) => path)).toEqual(["/token"]);
});

test("a provider that cannot be reached was not asked", async () => {
  server.close();
  expect(await exchange()).toEqual({
    kind: "unavailable",
    message: "Acme could not be reached (ECONNREFUSED).",
    retryAfterMs: undefined,
  });
});

test("a token is revoked: the access token, or the refresh token where the connector says so", async () => {
  answer = json(200, {});
  const tokens = { accessToken: "at", refreshToken: "rt" };
  expect(await revokeToken(app(), tokens)).toEqual({ revoked: true });
  expect(await revokeToken(app({ revokeToken: "refresh_token" }), tokens)).toEqual({
    revoked: true,
  });
  expect(calls.map(({ path, body }) => [path, body])).toEqual([
    ["/revoke", '{"token":"at"}'],
    ["/revoke", '{"token":"rt"}'],
  ]);
});

test("a token that had ended before counts as revoked, any other refusal does not", async () => {
  answer = json(400, { error: "invalid_grant" });
  expect(await revokeToken(app(), { accessToken: "at" })).toEqual({ revoked: true });
  answer = json(401, { error: "invalid_client", error_description: "Unknown app" });
  expect(await revokeToken(app(), { accessToken: "at" })).toEqual({
    revoked: false,
    message: "Unknown app.",
  });
});

test("a provider without revocation says so", async () => {
  const outcome = await revokeToken(app({ revokeUrl: undefined }), { accessToken: "at" });
  expect(outcome).toMatchObject({ revoked: false, message: expect.stringContaining("Acme") });
  expect(calls).toHaveLength(0);
});
