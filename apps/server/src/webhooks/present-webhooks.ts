import type { webhooks as api } from "@tenon/contract";
import type { EventRoute, EventSummary, WatchStatus, WebhookStatus } from "@tenon/triggers";

/** An integration's webhook as the API shows it. */
export function toIntegrationWebhook(
  url: string,
  integrationId: string,
  status: WebhookStatus,
): api.IntegrationWebhook {
  const { isActive, handshakes, forApp, lastRefusal, refusedCount } = status;
  return {
    url: `${url}/webhooks/${integrationId}`,
    status: isActive ? "active" : "inactive",
    forApp,
    activatedAt: toText(status.activatedAt),
    lastEventAt: toText(status.lastEventAt),
    lastRefusedAt: toText(status.lastRefusedAt),
    lastRefusal,
    refusedCount,
    handshakes: handshakes.map((one) => ({ ...one, receivedAt: one.receivedAt.toISOString() })),
  };
}

/** A provider's event as the API shows it. */
export function toEvent(event: EventSummary): api.WebhookEvent {
  return {
    id: event.id,
    providerEventId: event.providerEventId,
    integration: event.connectorId,
    integrationId: event.integrationId ?? null,
    type: event.type,
    account: event.account ?? null,
    outcome: event.outcome,
    occurredAt: event.occurredAt.toISOString(),
    receivedAt: event.receivedAt.toISOString(),
    receipts: event.receipts,
    lastReceivedAt: event.lastReceivedAt.toISOString(),
  };
}

/** What an event meant for one connection, as the API shows it. */
export function toRoute(route: EventRoute): api.WebhookEventWithRoutes["routes"][number] {
  const { connectionId, userId, object, changes, outcome, failure, attempts, change } = route;
  return {
    connectionId,
    userId,
    object,
    changes: [...changes],
    outcome: outcome ?? "pending",
    failure: failure ?? null,
    attempts,
    finishedAt: toText(route.finishedAt),
    change: change ? { id: change.id, starts: [...change.starts] } : null,
  };
}

/** How a connection is watched, as the API shows it. */
export function toConnectionWatch(status: WatchStatus): api.ConnectionWatch {
  return {
    since: toText(status.since),
    lastPolledAt: toText(status.lastPolledAt),
    nextPollAt: toText(status.nextPollAt),
    pollFailure: status.pollFailure ?? null,
    lastWebhookAt: toText(status.lastWebhookAt),
    lastChangeAt: toText(status.lastChangeAt),
    missedAt: toText(status.missedAt),
    receivedCount: status.receivedCount,
    deduplicatedCount: status.deduplicatedCount,
    pendingEvents: status.pendingEvents,
    oldestPendingAt: toText(status.oldestPendingAt),
    listeners: status.listeners.map(({ of, since, pausedAt, ...listener }) => ({
      ...listener,
      ...of,
      since: since.toISOString(),
      pausedAt: toText(pausedAt),
    })),
  };
}

function toText(time: Date | null | undefined): string | null {
  return time?.toISOString() ?? null;
}
