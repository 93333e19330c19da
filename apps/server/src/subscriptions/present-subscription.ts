import type { Connector } from "@tenon/connector";
import type { subscriptions as api, wireTriggers as wire } from "@tenon/contract";
import type { Delivery, Subscription } from "@tenon/triggers";

/** Connectors by id. */
type Connectors = ReadonlyMap<string, Connector>;

/** A subscription as the management API shows it. */
export function toSubscription(connectors: Connectors, one: Subscription): api.Subscription {
  return {
    id: one.id,
    userId: one.externalUserId,
    integration: one.connectorId,
    trigger: one.triggerId,
    type: typeOf(connectors, one),
    connectionId: one.connectionId,
    input: one.input,
    condition: one.condition ?? null,
    ignoreOwn: one.ignoresOwn,
    catchUp: one.catchesUp,
    url: one.url,
    headerNames: [...one.headerNames],
    metadata: one.metadata,
    status: one.status,
    disabledReason: one.disabledReason ?? null,
    dateDisabled: one.disabledAt?.toISOString() ?? null,
    dateFailingSince: one.failingSince?.toISOString() ?? null,
    dateCreated: one.createdAt.toISOString(),
    dateUpdated: one.updatedAt.toISOString(),
  };
}

/** A subscription as its user sees it. */
export function toTriggerSubscription(
  connectors: Connectors,
  one: Subscription,
): wire.TriggerSubscription {
  const { url, headerNames, metadata } = one;
  return {
    id: one.id,
    integration: one.connectorId,
    type: typeOf(connectors, one),
    parameters: one.input,
    credentialId: one.connectionId,
    webhookOverride: { url, headerNames: [...headerNames], metadata },
    status: one.status,
    dateCreated: one.createdAt.toISOString(),
    dateUpdated: one.updatedAt.toISOString(),
  };
}

/** What the trigger is called where it is sent; a trigger that is gone keeps its id. */
function typeOf(connectors: Connectors, { connectorId, triggerId }: Subscription): string {
  const triggers = connectors.get(connectorId)?.triggers ?? [];
  return triggers.find(({ id }) => id === triggerId)?.intent ?? triggerId;
}

function toShared(one: Delivery) {
  return {
    id: one.id,
    changeId: one.changeId ?? null,
    test: one.isTest,
    status: one.status,
    attemptCount: one.attemptCount,
    dateNextAttempt: one.nextAttemptAt?.toISOString() ?? null,
    dateCreated: one.createdAt.toISOString(),
    dateFinished: one.finishedAt?.toISOString() ?? null,
  };
}

export function toDeliverySummary(one: Delivery): api.DeliverySummary {
  return { ...toShared(one), lastAttempt: one.attempts.at(-1) ?? null };
}

export function toDelivery(one: Delivery): api.Delivery {
  return { ...toShared(one), attempts: [...one.attempts], body: JSON.parse(one.body) as unknown };
}
