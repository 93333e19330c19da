import type { ApiVersion } from "../../src/api/version.ts";
import type { Subscription } from "../../src/store/records.ts";
import type { Envelope } from "../../src/webhooks/envelope.ts";
import type { EventType } from "../../src/webhooks/event.ts";
import type { Delivery } from "../../src/webhooks/webhooks.ts";

/** An app that can be told of changes, or connected. */
export interface App {
  clientId: string;
  name: string;
}

/** A subscription: an address that an app's events are sent to. */
export type Webhook = Omit<Subscription, "verificationToken">;

export interface NewWebhook {
  url: string;
  appId: string;
  apiVersion: ApiVersion;
  /** Null for all there are. */
  eventTypes: readonly EventType[] | null;
}

/** An event as the address gets it. */
export interface WebhookEvent extends Envelope {
  timestamp: string;
  entity: { id: string; type: string };
}

/** One event for one address, with all attempts so far. */
export interface WebhookDelivery extends Omit<Delivery, "event"> {
  event: WebhookEvent;
}
