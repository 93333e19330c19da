import type { ConnectionStore } from "@tenon/connections";
import type { Connector, Trigger } from "@tenon/connector";
import { type EndpointInput, wireTriggers as wire } from "@tenon/contract";
import type { Subscriptions } from "@tenon/triggers";
import { chooseConnection } from "../accounts/choose-connection.ts";
import { httpError } from "../http/errors.ts";
import type { Caller } from "../identity/callers.ts";
import type { ProjectView } from "../identity/project-directory.ts";
import { findIntegration, requireActive } from "../wire/find-integration.ts";
import type { ServeUser } from "../wire/serve-user.ts";
import { toTriggerSubscription } from "./present-subscription.ts";

interface Services {
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
  subscriptions: Subscriptions;
}

/** Serves a user's own subscriptions, as Paragon's ActionKit does. */
export function serveTriggerSubscriptions(serve: ServeUser, services: Services): void {
  const { connectors, subscriptions } = services;

  serve(wire.createTriggerSubscription, async (input, { caller }) =>
    toTriggerSubscription(connectors, await create(services, caller, input)),
  );

  serve(wire.listTriggerSubscriptions, async ({ query }, { caller }) => {
    const page = await subscriptions.list(toScope(caller), query);
    return {
      subscriptions: page.subscriptions.map((one) => toTriggerSubscription(connectors, one)),
      nextCursor: page.nextCursor ?? null,
    };
  });

  serve(wire.getTriggerSubscription, async ({ params }, { caller }) =>
    toTriggerSubscription(
      connectors,
      await subscriptions.get(toScope(caller), params.subscriptionId),
    ),
  );

  serve(wire.updateTriggerSubscription, async ({ params, body }, { caller }) => {
    const { parameters: input, webhookOverride, status } = body;
    const { url, headers, metadata } = webhookOverride ?? {};
    const change = { input, url, headers, metadata, status };
    return toTriggerSubscription(
      connectors,
      await subscriptions.update(toScope(caller), params.subscriptionId, change),
    );
  });

  serve(wire.deleteTriggerSubscription, async ({ params }, { caller }) =>
    subscriptions.remove(toScope(caller), params.subscriptionId),
  );

  serve(wire.getTriggerExample, async ({ params }, { caller: { view, user } }) => {
    const { type, trigger } = requireTrigger(connectors, view, params.type);
    return {
      type: trigger.intent,
      timestamp: new Date().toISOString(),
      data: trigger.sample,
      integration: type,
      user: { id: user.externalId },
    };
  });
}

async function create(
  { connections, connectors, subscriptions }: Services,
  caller: Caller,
  { body, headers }: EndpointInput<typeof wire.createTriggerSubscription>,
) {
  const { view } = caller;
  const { projectId, userId } = toScope(caller);
  const { type, trigger } = requireTrigger(connectors, view, body.type, body.integration);
  const { url, headers: ownHeaders = {}, metadata = {} } = body.webhookOverride;
  if (url === undefined) {
    throw httpError(
      "invalid_request",
      "webhookOverride.url: there is no address for the whole project. Say where this subscription is to be told.",
    );
  }
  const integration = findIntegration(view, type);
  requireActive(integration);
  const connection = await chooseConnection(connections, {
    projectId,
    userId,
    integrationId: integration.id,
    type,
    selector: headers["x-paragon-credential"],
  });
  const account = { projectId, userId, integrationId: integration.id, connectorId: type };
  const { subscription } = await subscriptions.create(
    { ...account, connectionId: connection.id },
    {
      trigger: trigger.id,
      input: body.parameters,
      condition: undefined,
      ignoresOwn: false,
      catchesUp: false,
      url,
      headers: ownHeaders,
      metadata,
    },
  );
  return subscription;
}

/** A trigger of the integration named, or of any of the project's. */
function requireTrigger(
  connectors: ReadonlyMap<string, Connector>,
  view: ProjectView,
  intent: string,
  integration?: string,
): { type: string; trigger: Trigger } {
  const types =
    integration === undefined
      ? [...view.integrations.keys()]
      : [findIntegration(view, integration).connectorId];
  for (const type of types) {
    const trigger = connectors.get(type)?.triggers.find((one) => one.intent === intent);
    if (trigger) return { type, trigger };
  }
  throw httpError(
    "trigger_not_found",
    `There is no trigger "${intent}" in ${types.join(", ") || "any integration"}. getTriggers lists those there are.`,
  );
}

function toScope({ view, user }: Caller): { projectId: string; userId: string } {
  return { projectId: view.project.id, userId: user.id };
}
