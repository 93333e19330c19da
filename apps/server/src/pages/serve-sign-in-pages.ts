import type { AuthorizationOutcome, ConnectFlow } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { renderPopupPage } from "@tenon/portal/popup";
import type { PopupIntegration, PopupPage } from "@tenon/portal/popup-page";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import * as z from "zod";
import { toErrorAnswer } from "../http/errors.ts";
import { parse } from "../http/serve-endpoint.ts";
import { isAllowedOrigin } from "../identity/allowed-origins.ts";
import type { Callers } from "../identity/callers.ts";
import type { ProjectDirectory } from "../identity/project-directory.ts";
import { findIntegration, requireActive } from "../wire/find-integration.ts";
import { type BrowserBinding, bindingLifetimeMs, sharedCookieDomain } from "./browser-binding.ts";
import { popupHeaders } from "./page-headers.ts";

interface Services {
  callers: Callers;
  connectors: ReadonlyMap<string, Connector>;
  connectFlow: ConnectFlow;
  directory: ProjectDirectory;
  binding: BrowserBinding;
  /** The server's public URL. */
  url: string;
  log: Logger;
}

/** Serves the pages of the sign-in pop-up: the one it opens on, and the one it comes back to. */
export function serveSignInPages(app: FastifyInstance, services: Services): void {
  app.get("/projects/:projectId/sdk/actions/oauth-nonce", async (request, reply) =>
    send(reply, await openSignIn(services, request, reply)),
  );
  app.get("/oauth", async (request, reply) => send(reply, await finishSignIn(services, request)));
}

const OpenParams = z.object({ projectId: z.uuid() });
const OpenQuery = z.object({
  action: z.string(),
  userToken: z.string(),
  originForPostMessage: z.string().max(500),
});

/**
 * The page that the pop-up opens on. Its cookie proves at the end that the sign-in was opened in
 * this browser with the user's token, by a page of the project.
 *
 * - A Referer that names a page outside the allowed origins is refused: a stranger's page cannot
 *   make its visitor connect an account to the stranger's own user.
 * - Browsers leave the Referer out where the page asks for that; then the user has to confirm, and
 *   only the page's own button goes on.
 */
async function openSignIn(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PopupPage> {
  try {
    const params = parse(OpenParams, request.params, "path");
    const query = parse(OpenQuery, request.query, "query");
    const caller = await services.callers.get(params.projectId, query.userToken);
    const { project } = caller.view;
    const integration = findIntegration(caller.view, query.action);
    requireActive(integration);
    const openerOrigin = query.originForPostMessage;
    const referrer = originOf(request.headers.referer);
    for (const origin of [openerOrigin, referrer]) {
      if (origin === undefined || isAllowedOrigin(origin, project.allowedOrigins)) continue;
      return {
        kind: "failed",
        message: `${origin} is not allowed to connect accounts for ${project.title}.`,
        nextMove: "If it is your app, add its origin to the project's allowed origins.",
        requestId: request.id,
      };
    }
    setCookie(services, request, reply, { projectId: project.id, userId: caller.user.id });
    return {
      kind: referrer === undefined ? "confirm" : "opening",
      openerOrigin,
      project: project.title,
      integration: toIntegration(services, integration.connectorId),
    };
  } catch (error) {
    return toFailedPage(services, error, {
      requestId: request.id,
      nextMove: "Close this window, reload the app and connect again.",
    });
  }
}

function setCookie(
  { binding, url }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  scope: { projectId: string; userId: string },
): void {
  const { name, value } = binding.create(scope);
  const publicUrl = new URL(url);
  const domain = sharedCookieDomain(request.hostname, publicUrl.hostname);
  reply.setCookie(name, value, {
    path: "/oauth",
    httpOnly: true,
    // Lax: sent when the provider redirects the pop-up back, not on any other cross-site request.
    sameSite: "lax",
    secure: publicUrl.protocol === "https:",
    maxAge: bindingLifetimeMs / 1000,
    ...(domain !== undefined && { domain }),
  });
}

const CallbackQuery = z.object({
  state: z.string().max(500).optional(),
  code: z.string().max(4096).optional(),
  error: z.string().max(200).optional(),
  error_description: z.string().max(2000).optional(),
});

/** The page that the provider sends the pop-up back to. */
async function finishSignIn(services: Services, request: FastifyRequest): Promise<PopupPage> {
  try {
    const query = parse(CallbackQuery, request.query, "query");
    const outcome = await services.connectFlow.completeAuthorization({
      state: query.state,
      code: query.code,
      error: query.error,
      errorDescription: query.error_description,
      bindings: services.binding.read(request.cookies),
    });
    return await toPage(services, outcome, request.id);
  } catch (error) {
    return toFailedPage(services, error, {
      requestId: request.id,
      nextMove: "Close this window and connect again from the app.",
    });
  }
}

async function toPage(
  services: Services,
  outcome: AuthorizationOutcome,
  requestId: string,
): Promise<PopupPage> {
  const { authorization } = outcome;
  if (outcome.kind === "connected") {
    const { project } = await services.directory.get(outcome.authorization.projectId);
    const integration = toIntegration(services, outcome.authorization.connectorId);
    return { kind: "connected", project: project.title, integration };
  }
  const { failure } = outcome;
  return {
    kind: failure.code === "authorization_denied" ? "denied" : "failed",
    message: failure.message,
    nextMove: "You can close this window.",
    requestId,
    ...(authorization && { integration: toIntegration(services, authorization.connectorId) }),
    ...(authorization?.openerOrigin && {
      report: {
        openerOrigin: authorization.openerOrigin,
        integrationId: authorization.integrationId,
        error: failure.message,
        errorResponse: { code: failure.code, message: failure.message },
      },
    }),
  };
}

/** A fault of ours or of the request, in words; the log has a fault of ours under the id. */
function toFailedPage(
  { log }: Services,
  error: unknown,
  facts: { requestId: string; nextMove: string },
): PopupPage {
  const { message } = toErrorAnswer(error, facts.requestId, log).body;
  return { kind: "failed", message, ...facts };
}

function toIntegration({ connectors }: Services, type: string): PopupIntegration {
  return { type, title: connectors.get(type)?.title ?? type };
}

function send(reply: FastifyReply, page: PopupPage): FastifyReply {
  const failed = page.kind === "failed";
  return reply
    .code(failed ? 400 : 200)
    .headers(popupHeaders)
    .send(renderPopupPage(page));
}

function originOf(referrer: string | undefined): string | undefined {
  return referrer !== undefined && URL.canParse(referrer) ? new URL(referrer).origin : undefined;
}
