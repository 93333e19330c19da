import { webhooks as api } from "@tenon/contract";
import type { ApiKey, ApiKeyStore, IntegrationStore, ProjectStore } from "@tenon/postgres";
import type { Inbox, InboundHistory, WebhookSettings } from "@tenon/triggers";
import type { FastifyInstance } from "fastify";
import { httpError } from "../http/errors.ts";
import { serveEndpoint } from "../http/serve-endpoint.ts";
import { requireInstance } from "../identity/api-keys.ts";
import { integrationIdOf, requireIntegrationId } from "../management/integration-id.ts";
import { inProject, type ServeInProject } from "../management/with-api-key.ts";
import { parseJsonObject } from "./parse-json-object.ts";
import { toConnectionWatch, toEvent, toIntegrationWebhook, toRoute } from "./present-webhooks.ts";

export interface WebhookApiServices {
  apiKeys: ApiKeyStore;
  projects: ProjectStore;
  integrations: IntegrationStore;
  inbox: Inbox;
  webhookSettings: WebhookSettings;
  webhookHistory: InboundHistory;
  /** The server's public URL. */
  url: string;
}

/** Serves providers, who send events, and developers, who set webhooks up and look events up. */
export async function serveWebhooks(
  app: FastifyInstance,
  services: WebhookApiServices,
): Promise<void> {
  await serveInbox(app, services);
  const serve = inProject(app, services);
  serveSettings(serve, services);
  serveHistory(serve, services);
}

/** The signature is over the raw bytes: no body of any content type is parsed on the way. */
async function serveInbox(app: FastifyInstance, { inbox }: WebhookApiServices): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    serveEndpoint(scope, api.receiveWebhook, {
      authenticate: async () => undefined,
      async handle({ params }, _proof, { request }) {
        await inbox.receive(params.integrationId.toLowerCase(), {
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          header(name) {
            const value = request.headers[name];
            return Array.isArray(value) ? value[0] : value;
          },
        });
        return { received: true } as const;
      },
    });
  });
}

function serveSettings(serve: ServeInProject, services: WebhookApiServices): void {
  const { integrations, webhookSettings, url } = services;

  async function keyOf(projectId: string, type: string) {
    return { projectId, integrationId: await requireIntegrationId(integrations, projectId, type) };
  }

  serve(api.getWebhook, async ({ params }, { id }) => {
    const key = await keyOf(id, params.type);
    return toIntegrationWebhook(url, key.integrationId, await webhookSettings.show(key));
  });

  async function requireForApp(key: ApiKey, projectId: string, type: string): Promise<void> {
    requireInstance(key, "Activating a webhook for all that use the development keys");
    const integration = await integrations.find(projectId, type);
    if (integration?.clientId === undefined || integration.clientId === null) return;
    throw httpError(
      "conflict",
      "`forApp` is for integrations on development keys. This one has an app of its own: its events reach all integrations with the same Client ID and Client Secret anyway.",
    );
  }

  serve(api.activateWebhook, async ({ params, body }, { id }, exchange) => {
    const key = await keyOf(id, params.type);
    if (body.forApp) await requireForApp(exchange.key, id, params.type);
    const status = await webhookSettings.activate(key, body);
    return toIntegrationWebhook(url, key.integrationId, status);
  });

  serve(api.deactivateWebhook, async ({ params }, { id }) => {
    await webhookSettings.deactivate(await keyOf(id, params.type));
  });
}

function serveHistory(serve: ServeInProject, services: WebhookApiServices): void {
  const { integrations, webhookHistory: history } = services;

  serve(api.listWebhookEvents, async ({ query }, { id: projectId }) => {
    const { integration, connection, from, to, ...rest } = query;
    const page = await history.list({
      ...rest,
      projectId,
      integrationId: await integrationIdOf(integrations, projectId, integration),
      connectionId: connection,
      from: from === undefined ? undefined : new Date(from),
      to: to === undefined ? undefined : new Date(to),
    });
    return { events: page.events.map(toEvent), nextCursor: page.nextCursor ?? null };
  });

  serve(api.getWebhookEvent, async ({ params }, { id: projectId }) => {
    const found = await history.find(projectId, params.webhookEventId);
    if (found === undefined) {
      throw httpError(
        "webhook_event_not_found",
        `The project has no webhook event "${params.webhookEventId}". Events are kept for 30 days.`,
      );
    }
    const { body, routes, ...event } = found;
    return { ...toEvent(event), body: parseJsonObject(body), routes: routes.map(toRoute) };
  });

  serve(api.getConnectionWatch, async ({ params }, { id: projectId }) => {
    const status = await history.watch(projectId, params.connectionId);
    if (status) return toConnectionWatch(status);
    throw httpError(
      "connection_not_found",
      `The project has no connection "${params.connectionId}".`,
    );
  });
}
