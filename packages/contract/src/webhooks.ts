import * as z from "zod";
import { Cursor, Instant, inProject, projectPath, queryInt, UserId } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";

export const receiveWebhook = defineEndpoint({
  id: "receiveWebhook",
  method: "POST",
  path: "/webhooks/{integrationId}",
  summary: "Where a provider sends its events",
  description:
    "Answers 200 when the event is durable, however often it is sent. Events must be signed with the " +
    "active token; a handshake is kept for the developer and does nothing by itself.",
  tag: "Webhooks",
  auth: "none",
  params: z.object({ integrationId: z.string() }),
  bodyType: "*/*",
  body: z.unknown(),
  status: 200,
  response: z.object({ received: z.literal(true) }),
  errors: [
    "invalid_request",
    "not_found",
    "payload_too_large",
    "service_unavailable",
    "webhook_handshakes_too_many",
    "webhook_not_active",
    "webhook_signature_invalid",
  ],
});

const webhookPath = `${projectPath}/integrations/{type}/webhook` as const;
const inIntegration = inProject.extend({ type: z.string() });

export const IntegrationWebhook = z
  .object({
    url: z.url().meta({ description: "Enter this one in the provider's webhook settings." }),
    status: z.enum(["inactive", "active"]),
    forApp: z.boolean().meta({
      description:
        "Its events concern every integration of this Tenon that uses the same development keys.",
    }),
    activatedAt: z.iso.datetime().nullable(),
    lastEventAt: z.iso.datetime().nullable().meta({ description: "To about a second." }),
    lastRefusedAt: z.iso.datetime().nullable(),
    lastRefusal: z.string().nullable().meta({ description: "Why the last request was refused." }),
    refusedCount: z.int(),
    handshakes: z
      .array(
        z.object({
          id: z.uuid(),
          token: z.string().meta({ description: "Activate it here and paste it at the provider." }),
          receivedAt: z.iso.datetime(),
        }),
      )
      .meta({
        description:
          "Tokens sent to begin a subscription, the newest first: by the provider, or by anybody.",
      }),
  })
  .meta({ id: "IntegrationWebhook" });
export type IntegrationWebhook = z.output<typeof IntegrationWebhook>;

const ofWebhook = { tag: "Webhooks", auth: "apiKey", params: inIntegration } as const;

export const getWebhook = defineEndpoint({
  ...ofWebhook,
  id: "getWebhook",
  method: "GET",
  path: webhookPath,
  summary: "An integration's webhook: its address, how it stands, and handshakes that wait",
  response: IntegrationWebhook,
  errors: ["project_not_found", "integration_not_found", "not_found"],
});

export const activateWebhook = defineEndpoint({
  ...ofWebhook,
  id: "activateWebhook",
  method: "POST",
  path: `${webhookPath}/activate`,
  summary: "Accept events signed with the token of a handshake",
  description:
    "Replaces the token that was active and removes the other handshakes. `forApp` needs an API key of " +
    "the instance, and an integration on development keys.",
  body: z.strictObject({
    token: z.string().min(1).max(500),
    forApp: z.boolean().default(false),
  }),
  response: IntegrationWebhook,
  errors: [
    "project_not_found",
    "integration_not_found",
    "not_found",
    "api_key_invalid",
    "conflict",
    "webhook_handshake_not_found",
  ],
});

export const deactivateWebhook = defineEndpoint({
  ...ofWebhook,
  id: "deactivateWebhook",
  method: "DELETE",
  path: webhookPath,
  summary: "Accept no events any more and forget the token",
  errors: ["project_not_found", "integration_not_found"],
});

const EventOutcome = z
  .enum(["routed", "unwatched", "no_listener", "no_connection"])
  .meta({ id: "WebhookEventOutcome" });

export const WebhookEvent = z
  .object({
    id: z.uuid(),
    providerEventId: z.string(),
    integration: z.string().meta({ description: "Such as `notion`." }),
    integrationId: z.uuid().nullable().meta({
      description: "Null: it came to the webhook of another project with the same app.",
    }),
    type: z.string().meta({ description: "As the provider names it." }),
    account: z.string().nullable().meta({ description: "The provider's id of the account." }),
    outcome: EventOutcome,
    occurredAt: z.iso.datetime(),
    receivedAt: z.iso.datetime(),
    receipts: z.int().meta({ description: "How often it came." }),
    lastReceivedAt: z.iso.datetime(),
  })
  .meta({ id: "WebhookEvent" });
export type WebhookEvent = z.output<typeof WebhookEvent>;

const ChangeStart = z.union([
  z.object({ workflowId: z.uuid().nullable(), runId: z.uuid() }),
  z.object({ subscriptionId: z.uuid().nullable(), deliveryId: z.uuid() }),
]);

const EventRoute = z.object({
  connectionId: z.uuid(),
  userId: UserId,
  object: z.object({ kind: z.string(), id: z.string() }),
  changes: z.array(z.string()),
  outcome: z.enum(["pending", "changed", "deduplicated", "not_accessible", "failed"]),
  failure: z.string().nullable(),
  attempts: z.int(),
  finishedAt: z.iso.datetime().nullable(),
  change: z.object({ id: z.uuid(), starts: z.array(ChangeStart) }).nullable(),
});

export const WebhookEventWithRoutes = WebhookEvent.extend({
  body: z.unknown().meta({ description: "What the provider sent." }),
  routes: z.array(EventRoute).meta({
    description: "What it meant for each connection of this project, and what that started.",
  }),
}).meta({ id: "WebhookEventWithRoutes" });
export type WebhookEventWithRoutes = z.output<typeof WebhookEventWithRoutes>;

export const listWebhookEvents = defineEndpoint({
  id: "listWebhookEvents",
  method: "GET",
  path: `${projectPath}/webhook-events`,
  summary: "List events that providers sent, newest first",
  description: "Of the last 30 days.",
  tag: "Webhooks",
  auth: "apiKey",
  params: inProject,
  query: z.object({
    integration: z.string().max(100).optional().meta({ description: "Such as `notion`." }),
    connection: z.uuid().optional().meta({ description: "Routed to this connection." }),
    outcome: EventOutcome.optional(),
    from: Instant.optional().meta({ description: "Received at or after." }),
    to: Instant.optional().meta({ description: "Received before." }),
    limit: queryInt(1, 100).default(50),
    cursor: Cursor.optional(),
  }),
  response: z.object({ events: z.array(WebhookEvent), nextCursor: z.string().nullable() }),
  errors: ["project_not_found", "integration_not_found"],
});

export const getWebhookEvent = defineEndpoint({
  id: "getWebhookEvent",
  method: "GET",
  path: `${projectPath}/webhook-events/{webhookEventId}`,
  summary: "An event's path: received, routed, and what it started",
  tag: "Webhooks",
  auth: "apiKey",
  params: inProject.extend({
    webhookEventId: z.string().min(1).max(500).meta({ description: "Its id, or the provider's." }),
  }),
  response: WebhookEventWithRoutes,
  errors: ["project_not_found", "webhook_event_not_found"],
});

const Listener = z.object({
  id: z.uuid(),
  triggerId: z.string(),
  workflowId: z.uuid().optional(),
  subscriptionId: z.uuid().optional(),
  since: z.iso.datetime(),
  pausedAt: z.iso.datetime().nullable(),
  catchesUp: z.boolean().meta({
    description: "What happens while it is paused is told when it goes on.",
  }),
});

export const ConnectionWatch = z
  .object({
    since: z.iso.datetime().nullable(),
    lastPolledAt: z.iso.datetime().nullable(),
    nextPollAt: z.iso.datetime().nullable(),
    pollFailure: z.string().nullable(),
    lastWebhookAt: z.iso.datetime().nullable(),
    lastChangeAt: z.iso.datetime().nullable(),
    missedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: "When a poll last found what no webhook had told." }),
    receivedCount: z.int().meta({ description: "Events routed to it." }),
    deduplicatedCount: z.int(),
    pendingEvents: z.int(),
    oldestPendingAt: z.iso.datetime().nullable(),
    listeners: z.array(Listener),
  })
  .meta({ id: "ConnectionWatch" });
export type ConnectionWatch = z.output<typeof ConnectionWatch>;

export const getConnectionWatch = defineEndpoint({
  id: "getConnectionWatch",
  method: "GET",
  path: `${projectPath}/connections/{connectionId}/watch`,
  summary: "How a connection is watched for triggers",
  description: "Of a connection that nothing listens on, nulls and zeros.",
  tag: "Webhooks",
  auth: "apiKey",
  params: inProject.extend({ connectionId: z.string().max(100) }),
  response: ConnectionWatch,
  errors: ["project_not_found", "connection_not_found"],
});

export const webhookEndpoints = [
  receiveWebhook,
  getWebhook,
  activateWebhook,
  deactivateWebhook,
  listWebhookEvents,
  getWebhookEvent,
  getConnectionWatch,
] as const;
