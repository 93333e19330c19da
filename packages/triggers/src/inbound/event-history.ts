import type { EventOutcome } from "./event-store.ts";

/** An event as the developer of a project sees it. */
export interface EventSummary {
  id: string;
  providerEventId: string;
  connectorId: string;
  /** Undefined: it came to another project's endpoint of the same app. */
  integrationId: string | undefined;
  type: string;
  account: string | undefined;
  outcome: EventOutcome;
  occurredAt: Date;
  receivedAt: Date;
  receipts: number;
  lastReceivedAt: Date;
}

/** What something that a change started is: a run, or a message to a subscription. */
export type ChangeStart =
  | { runId: string; workflowId: string | null }
  | { deliveryId: string; subscriptionId: string | null };

/** What an event meant for one connection, and how that ended. */
export interface EventRoute {
  connectionId: string;
  /** The connected user, as the customer names them. */
  userId: string;
  object: { kind: string; id: string };
  changes: readonly string[];
  /** Undefined: it is still to be done. */
  outcome: "changed" | "deduplicated" | "not_accessible" | "failed" | undefined;
  failure: string | undefined;
  attempts: number;
  finishedAt: Date | undefined;
  change: { id: string; starts: readonly ChangeStart[] } | undefined;
}

export interface EventPage {
  projectId: string;
  integrationId?: string | undefined;
  connectionId?: string | undefined;
  outcome?: EventOutcome | undefined;
  /** Received at or after, and before. */
  from?: Date | undefined;
  to?: Date | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** How a connection is watched. A connection that nobody listens on has no times and no counts. */
export interface WatchStatus {
  since: Date | undefined;
  lastPolledAt: Date | undefined;
  nextPollAt: Date | undefined;
  pollFailure: string | undefined;
  lastWebhookAt: Date | undefined;
  lastChangeAt: Date | undefined;
  /** When a poll last found what no webhook had told. */
  missedAt: Date | undefined;
  receivedCount: number;
  deduplicatedCount: number;
  pendingEvents: number;
  oldestPendingAt: Date | undefined;
  listeners: readonly {
    id: string;
    triggerId: string;
    of: { workflowId: string } | { subscriptionId: string };
    since: Date;
    pausedAt: Date | undefined;
    catchesUp: boolean;
  }[];
}

/**
 * Reads what came of events, for people, always within one project: those of its own endpoints, and
 * those of other projects' endpoints that were routed to its connections.
 */
export interface InboundHistory {
  /** The newest first. */
  list(page: EventPage): Promise<{ events: EventSummary[]; nextCursor: string | undefined }>;
  /** @param id ours or the provider's. */
  find(
    projectId: string,
    id: string,
  ): Promise<(EventSummary & { body: Buffer; routes: EventRoute[] }) | undefined>;
  /** Undefined: the project has no such connection. */
  watch(projectId: string, connectionId: string): Promise<WatchStatus | undefined>;
}
