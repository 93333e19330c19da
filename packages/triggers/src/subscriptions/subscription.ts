import type { Condition } from "@tenon/workflow";

/** Whose subscriptions are meant: all of a project's, or those of one connected user of it. */
export interface SubscriptionScope {
  projectId: string;
  /** Id of the connected user (not the user token's `sub`). */
  userId?: string | undefined;
}

export const subscriptionStatuses = ["active", "disabled"] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/**
 * - requested: by the customer.
 * - gone: the receiver answered 410.
 * - failing: nothing was delivered for days.
 */
export const disabledReasons = ["requested", "gone", "failing"] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** A customer's own URL that is told what a trigger sees on one connection. */
export interface Subscription {
  id: string;
  projectId: string;
  integrationId: string;
  /** Type of the integration. */
  connectorId: string;
  userId: string;
  /** The user token's `sub`. */
  externalUserId: string;
  connectionId: string;
  triggerId: string;
  /** As it was given, checked with the trigger's input schema. */
  input: Record<string, unknown>;
  condition: Condition | undefined;
  /** What nobody but the connection itself changed is not told. */
  ignoresOwn: boolean;
  /** What happens while it is disabled is told when it is active again. */
  catchesUp: boolean;
  url: string;
  /** Their values are never shown. */
  headerNames: readonly string[];
  metadata: Record<string, unknown>;
  status: SubscriptionStatus;
  disabledReason: DisabledReason | undefined;
  disabledAt: Date | undefined;
  /** Nothing was delivered since then, and something was tried. */
  failingSince: Date | undefined;
  createdAt: Date;
  updatedAt: Date;
}

export interface SubscriptionFilter {
  userId?: string | undefined;
  integrationId?: string | undefined;
  triggerId?: string | undefined;
  status?: SubscriptionStatus | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface SubscriptionPage {
  subscriptions: Subscription[];
  nextCursor: string | undefined;
}

/** What a subscription is made of, beside the account. */
export interface NewSubscription {
  /** Id or intent. */
  trigger: string;
  input: Record<string, unknown>;
  condition: Condition | undefined;
  ignoresOwn: boolean;
  catchesUp: boolean;
  url: string;
  /** Names in any case. */
  headers: Record<string, string>;
  metadata: Record<string, unknown>;
}

/** What is left out stays as it is; a condition that is null is taken away. */
export interface SubscriptionChange {
  input?: Record<string, unknown> | undefined;
  condition?: Condition | null | undefined;
  ignoresOwn?: boolean | undefined;
  catchesUp?: boolean | undefined;
  url?: string | undefined;
  headers?: Record<string, string> | undefined;
  metadata?: Record<string, unknown> | undefined;
  status?: SubscriptionStatus | undefined;
}
