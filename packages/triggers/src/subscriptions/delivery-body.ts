import type { Subscription } from "./subscription.ts";

type Facts = Pick<
  Subscription,
  "id" | "connectorId" | "externalUserId" | "connectionId" | "metadata"
>;

/** What is sent: who is told of what. JSON. */
export function toBody(
  subscription: Facts,
  event: { type: string; at: Date; data: unknown; isTest?: boolean },
): string {
  return JSON.stringify({
    type: event.type,
    timestamp: event.at.toISOString(),
    data: event.data,
    subscriptionId: subscription.id,
    integration: subscription.connectorId,
    user: { id: subscription.externalUserId },
    connectionId: subscription.connectionId,
    metadata: subscription.metadata,
    ...(event.isTest === true && { test: true }),
  });
}
