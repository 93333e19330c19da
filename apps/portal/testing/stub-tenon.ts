import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import type { PopupPage } from "../src/popup/popup-page.ts";
import { renderPopupPage } from "../src/popup/render-popup-page.ts";
import { listen, type Listening } from "./listen.ts";
import { integrationId, projectId, type StubAuthorization, type StubWorld } from "./stub-world.ts";

/** Policy of the portal's document. */
const portalPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";
/** Policy of the sign-in window's pages. */
const popupPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="3" y="3" width="26" height="26" rx="6" fill="#fff" stroke="#1f1f1f" stroke-width="2.5"/><path d="M11 22.5v-13h1.9l6.3 9v-9H21v13h-1.9l-6.3-9v9z" fill="#1f1f1f"/></svg>`;

const notion = { type: "notion", title: "Notion" };

/**
 * Plays the server: serves the built portal and the endpoints that the SDK and the portal use, with
 * just enough of a state to connect, deny, fail, reconnect and disconnect.
 */
export function startStubTenon(world: StubWorld, dist: string, provider: string) {
  return listen((url, request, response) => {
    const exchange = { world, url, request, response, provider };
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader(
      "access-control-allow-headers",
      request.headers["access-control-request-headers"] ?? "*",
    );
    response.setHeader("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    if (request.method === "OPTIONS") response.writeHead(204).end();
    else if (!serveFile(dist, url, response) && !serveRoute(exchange))
      response.writeHead(404).end();
  });
}

/** Where users sign in; its opener policy cuts the window off, as Microsoft's does. */
export function startStubProvider(): Promise<Listening> {
  return listen((url, _request, response) => {
    const link = (decision: string) =>
      `<a href="${url.searchParams.get("redirect")}&decision=${decision}">${decision}</a>`;
    response.setHeader("content-type", "text/html");
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.end(`<!doctype html><title>Sign in</title>${link("allow")} ${link("deny")}`);
  });
}

interface Exchange {
  world: StubWorld;
  url: URL;
  request: IncomingMessage;
  response: ServerResponse;
  provider: string;
}

function serveFile(dist: string, { pathname }: URL, response: ServerResponse): boolean {
  if (pathname === "/ui") {
    response.setHeader("content-security-policy", portalPolicy);
    send(response, ".html", readFileSync(join(dist, "index.html")));
  } else if (pathname.startsWith("/portal-assets/")) {
    send(response, extname(pathname), readFileSync(join(dist, pathname.slice(15))));
  } else if (pathname === "/integrations/notion.svg") {
    response.setHeader("content-type", "image/svg+xml");
    response.end(icon);
  } else return false;
  return true;
}

function serveRoute(exchange: Exchange): boolean {
  const { url, request } = exchange;
  const path = url.pathname.replace(`/projects/${projectId}/sdk`, "");
  const name = path.replace(/^(.*\/(session-id|credentials|integrations)\/).+$/, "$1:id");
  const route = routes[`${request.method} ${name}`];
  if (!route) return false;
  route(exchange, path.split("/").at(-1) ?? "");
  return true;
}

const routes: Record<string, (exchange: Exchange, id: string) => void> = {
  "GET /me": ({ world, response }) => json(response, world.presentUser()),
  "GET /integrations": ({ world, response }) => json(response, world.presentIntegrations()),
  "GET /portal": ({ world, response }) => json(response, world.presentPortal()),
  "GET /portal/authorizations/latest": ({ world, url, response }) => {
    const latest = world.latestSince(new Date(url.searchParams.get("since") ?? ""));
    const { id, status, failure } = latest ?? {};
    json(response, { authorization: latest ? { id, status, failure } : null });
  },
  "GET /v2/actions/build-oauth": ({ world, url, response, request, provider }) => {
    const query = url.searchParams;
    if (world.isBuildRefused) return json(response, { message: "No Client ID." }, 409);
    const { id } = world.begin({
      key: query.get("oauthMetaKeyId") ?? "",
      installOptions: JSON.parse(query.get("installOptions") ?? "{}"),
      originForPostMessage: query.get("originForPostMessage") ?? "",
    });
    const redirect = encodeURIComponent(`http://${request.headers.host}/oauth?state=${id}`);
    json(response, { redirectUrl: `${provider}/authorize?redirect=${redirect}` });
  },
  "GET /actions/oauth-nonce": ({ world, url, request, response }) => {
    const openerOrigin = url.searchParams.get("originForPostMessage") ?? "";
    // A request of our own page's script would carry a Referer: without one, ask first.
    const kind = request.headers.referer?.startsWith(openerOrigin) ? "opening" : "confirm";
    popup(response, { kind, openerOrigin, project: world.projectTitle, integration: notion });
  },
  "GET /oauth": ({ world, url, response }) => {
    const state = url.searchParams.get("state");
    const authorization = world.authorizations.find(({ id }) => id === state);
    if (!authorization) return void response.writeHead(404).end();
    world.finish(authorization, url.searchParams.get("decision"));
    popup(response, toEndPage(world, authorization));
  },
  "GET /actions/session-id/:id": ({ world, response }, key) => {
    const done = world.authorizations.find((authorization) => authorization.key === key);
    const id = world.isSessionSilent ? undefined : done?.credentialId;
    json(response, id === undefined ? {} : { connectCredentialId: id });
  },
  "DELETE /actions/session-id/:id": ({ response }) => json(response, {}),
  "GET /credentials/:id": ({ world, response }, id) => {
    const credential = world.credentials.find((one) => one.id === id);
    if (credential) json(response, world.presentCredential(credential));
    else response.writeHead(404).end();
  },
  "DELETE /integrations/:id": ({ world, request, response }) => {
    const id = request.headers["x-paragon-credential"];
    if (world.revocation === "refuses") {
      const body = {
        message: "Tenon cannot reach its database; try again shortly.",
        code: "service_unavailable",
      };
      return json(response, { ...body, status: 503, meta: { requestId: "r1" } }, 503);
    }
    world.credentials = world.credentials.filter((credential) => credential.id !== id);
    const isRevoked = world.revocation === "works";
    json(response, { revoked: isRevoked, ...(!isRevoked && { message: "Notion answered 500." }) });
  },
};

function toEndPage(world: StubWorld, authorization: StubAuthorization): PopupPage {
  const { status, failure } = authorization;
  if (status === "connected" || status === "exchanging") {
    return { kind: "connected", project: world.projectTitle, integration: notion };
  }
  const message = failure?.message ?? "";
  return {
    kind: status === "denied" ? "denied" : "failed",
    integration: notion,
    message,
    nextMove: "Close this window and go back.",
    requestId: authorization.id,
    report: {
      openerOrigin: authorization.originForPostMessage,
      error: message,
      errorResponse: { ...failure },
      integrationId,
    },
  };
}

function popup(response: ServerResponse, page: PopupPage): void {
  response.setHeader("content-security-policy", popupPolicy);
  send(response, ".html", renderPopupPage(page));
}

function send(response: ServerResponse, extension: string, body: string | Buffer): void {
  response.setHeader("content-type", contentTypes[extension] ?? "application/octet-stream");
  response.end(body);
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
