import type { ConnectionStore } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { type EndpointInput, subscriptions as api } from "@tenon/contract";
import type { ConnectedUserStore, IntegrationStore } from "@tenon/postgres";
import { findTrigger, type SubscriptionAccount, type Subscriptions } from "@tenon/triggers";
import { chooseConnection } from "../accounts/choose-connection.ts";
import { httpError } from "../http/errors.ts";
import { integrationIdOf } from "../management/integration-id.ts";
import { requireUser } from "../management/require-user.ts";
import type { ServeInProject } from "../management/with-api-key.ts";
import { requireActive } from "../wire/find-integration.ts";
import { toDelivery, toDeliverySummary, toSubscription } from "./present-subscription.ts";

interface Services {
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
  integrations: IntegrationStore;
  subscriptions: Subscriptions;
  users: ConnectedUserStore;
}

/** Serves subscriptions and their deliveries to the customer's developers. */
export function serveSubscriptions(serve: ServeInProject, services: Services): void {
  serveKeeping(serve, services);
  serveSecrets(serve, services);
  serveDeliveries(serve, services);
}

function serveKeeping(serve: ServeInProject, services: Services): void {
  const { connectors, subscriptions } = services;

  serve(api.listSubscriptions, async ({ query }, { id: projectId }) => {
    const filter = await toFilter(services, projectId, query);
    const page = await subscriptions.list({ projectId }, filter);
    return {
      subscriptions: page.subscriptions.map((one) => toSubscription(connectors, one)),
      nextCursor: page.nextCursor ?? null,
    };
  });

  serve(api.createSubscription, async ({ body }, { id: projectId }) => {
    const account = await findAccount(services, projectId, body);
    const { trigger, input, url, headers, metadata } = body;
    const { subscription, secret } = await subscriptions.create(account, {
      trigger,
      input,
      url,
      headers,
      metadata,
      condition: body.condition ?? undefined,
      ignoresOwn: body.ignoreOwn,
      catchesUp: body.catchUp,
    });
    return { ...toSubscription(connectors, subscription), secret };
  });

  serve(api.getSubscription, async ({ params }, { id: projectId }) =>
    toSubscription(connectors, await subscriptions.get({ projectId }, params.subscriptionId)),
  );

  serve(api.updateSubscription, async ({ params, body }, { id: projectId }) => {
    const { ignoreOwn: ignoresOwn, catchUp: catchesUp, ...rest } = body;
    const change = { ...rest, ignoresOwn, catchesUp };
    return toSubscription(
      connectors,
      await subscriptions.update({ projectId }, params.subscriptionId, change),
    );
  });

  serve(api.deleteSubscription, async ({ params }, { id: projectId }) =>
    subscriptions.remove({ projectId }, params.subscriptionId),
  );
}

function serveSecrets(serve: ServeInProject, { subscriptions }: Services): void {
  serve(api.getSubscriptionSecret, async ({ params }, { id: projectId }) => ({
    secret: await subscriptions.readSecret({ projectId }, params.subscriptionId),
  }));

  serve(api.rotateSubscriptionSecret, async ({ params }, { id: projectId }) => ({
    secret: await subscriptions.rotateSecret({ projectId }, params.subscriptionId),
  }));
}

function serveDeliveries(serve: ServeInProject, { subscriptions }: Services): void {
  serve(api.testSubscription, async ({ params }, { id: projectId }) =>
    toDelivery(await subscriptions.sendTest({ projectId }, params.subscriptionId)),
  );

  serve(api.replayFailedDeliveries, async ({ params, body }, { id: projectId }) => {
    const time = { from: new Date(body.from), to: new Date(body.to) };
    return {
      replayed: await subscriptions.replayFailed({ projectId }, params.subscriptionId, time),
    };
  });

  serve(api.listDeliveries, async ({ params, query }, { id: projectId }) => {
    const { from, to, ...rest } = query;
    const page = await subscriptions.listDeliveries({ projectId }, params.subscriptionId, {
      ...rest,
      from: toDate(from),
      to: toDate(to),
    });
    return {
      deliveries: page.deliveries.map(toDeliverySummary),
      nextCursor: page.nextCursor ?? null,
    };
  });

  serve(api.getDelivery, async ({ params }, { id: projectId }) => {
    const { subscriptionId, deliveryId } = params;
    return toDelivery(await subscriptions.getDelivery({ projectId }, subscriptionId, deliveryId));
  });

  serve(api.replayDelivery, async ({ params }, { id: projectId }) => {
    const { subscriptionId, deliveryId } = params;
    return toDelivery(await subscriptions.replay({ projectId }, subscriptionId, deliveryId));
  });
}

type Query = EndpointInput<typeof api.listSubscriptions>["query"];

async function toFilter(services: Services, projectId: string, query: Query) {
  const { users, integrations, connectors } = services;
  const { userId, integration, trigger, ...rest } = query;
  const user = userId === undefined ? undefined : await requireUser(users, projectId, userId);
  return {
    ...rest,
    userId: user?.id,
    integrationId: await integrationIdOf(integrations, projectId, integration),
    triggerId: trigger === undefined ? undefined : toTriggerId(connectors, trigger),
  };
}

/** Ids and types of triggers are both names of them; a name that is none finds nothing. */
function toTriggerId(connectors: ReadonlyMap<string, Connector>, name: string): string {
  const triggers = [...connectors.values()].flatMap((connector) => connector.triggers);
  return triggers.find(({ intent }) => intent === name)?.id ?? name;
}

type NewBody = EndpointInput<typeof api.createSubscription>["body"];

async function findAccount(
  services: Services,
  projectId: string,
  { userId: externalId, integration: type, connection: selector, trigger }: NewBody,
): Promise<SubscriptionAccount> {
  const { connections, connectors, integrations, users } = services;
  const { id: userId } = await requireUser(users, projectId, externalId);
  const integration = await integrations.find(projectId, type);
  if (integration === undefined) {
    throw httpError("integration_not_found", `The project has no integration "${type}".`);
  }
  requireActive(integration);
  findTrigger(connectors.get(type), trigger);
  const ask = { projectId, userId, integrationId: integration.id, type, selector };
  const connection = await chooseConnection(connections, ask);
  return {
    projectId,
    userId,
    integrationId: integration.id,
    connectorId: type,
    connectionId: connection.id,
  };
}

function toDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
