import type { EndpointKey } from "./endpoint-store.ts";
import type { InboundEvent } from "./read-event.ts";

/** The integrations whose connections an endpoint's events may concern. */
export type Audience =
  | { kind: "integrations"; ids: readonly string[] }
  /** All of the connector that have no app of their own. */
  | { kind: "developmentKeys" };

/** Which connections an endpoint's events may concern. */
export interface Routing {
  connectorId: string;
  /** The app that the connections were made with; undefined: there is none, so no connection. */
  clientId: string | undefined;
  audience: Audience;
  /** Name in the provider data of what must equal the event's account. */
  accountKey: string;
  /** Names in the provider data, one of which must be among the event's viewers. */
  viewerKeys: readonly string[];
}

/** An event as it is to be written down. */
export interface NewInboundEvent extends InboundEvent, EndpointKey {
  id: string;
  routing: Routing;
  /** As it came. */
  body: Buffer;
}

/**
 * What an event came to: routes were made; no trigger needs it; connections were concerned, but
 * nobody listens; no connection was concerned.
 */
export type EventOutcome = "routed" | "unwatched" | "no_listener" | "no_connection";

export type Recorded =
  | { kind: "recorded"; outcome: EventOutcome; connectionIds: readonly string[] }
  /** It was there already, and nothing but its receipts has changed. */
  | { kind: "repeated" }
  /** The integration is gone. */
  | { kind: "gone" };

/** Writes down events and which connections they concern, in one commit. */
export interface InboundEventStore {
  /**
   * Resolves when the event is durable with its routes. Rejects with the database's own error where
   * it stays away for some seconds: then the provider is to send the event again.
   */
  record(event: NewInboundEvent): Promise<Recorded>;
  /** Waits for what is under way, and ends the connections to the database. */
  close(): Promise<void>;
}
