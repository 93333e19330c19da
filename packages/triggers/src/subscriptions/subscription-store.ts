import type { Condition } from "@tenon/workflow";
import type { NewDelivery } from "../change.ts";
import type { Delivery, DeliveryAttempt, DeliveryFilter, DeliveryPage } from "./delivery.ts";
import type {
  DisabledReason,
  Subscription,
  SubscriptionFilter,
  SubscriptionScope,
  SubscriptionStatus,
} from "./subscription.ts";

/** A subscription with what only Tenon reads, sealed. */
export interface StoredSubscription extends Omit<Subscription, "headerNames"> {
  sealedHeaders: Buffer | undefined;
  sealedSecret: Buffer;
}

export type SubscriptionSeed = Pick<
  StoredSubscription,
  | "id"
  | "projectId"
  | "integrationId"
  | "userId"
  | "connectionId"
  | "triggerId"
  | "input"
  | "condition"
  | "ignoresOwn"
  | "catchesUp"
  | "url"
  | "metadata"
  | "sealedHeaders"
  | "sealedSecret"
>;

/** What is left out stays as it is; null takes away. */
export interface StoredSubscriptionChange {
  input?: Record<string, unknown> | undefined;
  condition?: Condition | null | undefined;
  ignoresOwn?: boolean | undefined;
  catchesUp?: boolean | undefined;
  url?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  sealedHeaders?: Buffer | null | undefined;
  sealedSecret?: Buffer | undefined;
  status?: SubscriptionStatus | undefined;
}

/** What the planner needs to know of a subscription. */
export type PlannedSubscription = Pick<
  Subscription,
  | "id"
  | "projectId"
  | "connectorId"
  | "externalUserId"
  | "connectionId"
  | "triggerId"
  | "input"
  | "condition"
  | "ignoresOwn"
  | "metadata"
  | "status"
>;

/**
 * Stores subscriptions, each with its row among the listeners: both change in one transaction. Ids
 * that are not UUIDs, or another's, answer undefined.
 */
export interface SubscriptionStore {
  /** Active, and told of what happens from now on. Undefined: the connection is gone. */
  create(seed: SubscriptionSeed): Promise<StoredSubscription | undefined>;
  /** Newest first. */
  list(
    scope: SubscriptionScope,
    filter: SubscriptionFilter,
  ): Promise<{ subscriptions: StoredSubscription[]; nextCursor: string | undefined }>;
  find(scope: SubscriptionScope, id: string): Promise<StoredSubscription | undefined>;
  /**
   * - Disabling lets its deliveries wait.
   * - Activating what catches up goes on with what waited and with what it missed; without catching
   *   up it is told of what happens from now on, and what waited has failed.
   */
  update(
    scope: SubscriptionScope,
    id: string,
    change: StoredSubscriptionChange,
  ): Promise<StoredSubscription | undefined>;
  /** With its deliveries. False: there was none. */
  remove(scope: SubscriptionScope, id: string): Promise<boolean>;
  readPlanned(ids: readonly string[]): Promise<PlannedSubscription[]>;
}

/** Stores what was and is to be sent to subscriptions. */
export interface DeliveryStore {
  createTest(delivery: NewDelivery): Promise<Delivery>;
  list(subscriptionId: string, filter: DeliveryFilter): Promise<DeliveryPage>;
  find(subscriptionId: string, id: string): Promise<Delivery | undefined>;
  /** A new series of attempts, from now on; one that is being sent goes on as it is. */
  replay(subscriptionId: string, id: string): Promise<Delivery | undefined>;
  /** As {@link replay}, of all that failed and were made in this time; answers how many. */
  replayFailed(subscriptionId: string, time: { from: Date; to: Date }): Promise<number>;
}

/** What a sender asks for. */
export interface DeliveryClaim {
  holder: string;
  /** After this time others may take what is not written down. */
  holdMs: number;
  /** Those of failing subscriptions, or those of the others. */
  failing: boolean;
  slots: number;
  /** Of one subscription at a time. */
  perSubscription: number;
  /** How many of a subscription the holder has in hand. */
  inHand: ReadonlyMap<string, number>;
  /** The subscription that was served last. */
  after: string | undefined;
}

/** A delivery in a sender's hand, with where it goes. */
export interface ClaimedDelivery {
  id: string;
  projectId: string;
  subscriptionId: string;
  body: string;
  isTest: boolean;
  attemptCount: number;
  attempts: readonly DeliveryAttempt[];
  url: string;
  sealedHeaders: Buffer | undefined;
  sealedSecret: Buffer;
}

/** How an attempt ended, to be written down. */
export interface DeliveryOutcome {
  holder: string;
  delivery: ClaimedDelivery;
  attempts: readonly DeliveryAttempt[];
  /** Undefined: delivered. */
  failure:
    | {
        /** Undefined: there is no further attempt. */
        nextInMs: number | undefined;
        /** The receiver wants nothing any more. */
        isGone: boolean;
      }
    | undefined;
  /** What fails for so long without one success is disabled. */
  disableAfterMs: number;
}

/** What senders of all processes take their work from. Times are the database's. */
export interface DeliveryQueue {
  /**
   * Takes what is due, subscriptions in turn. `next` goes into the next claim as `after`; it is
   * undefined where everyone had their turn.
   */
  claim(ask: DeliveryClaim): Promise<{ deliveries: ClaimedDelivery[]; next: string | undefined }>;
  /**
   * Writes down an attempt. Nothing is written where another sender has taken the delivery. Answers
   * why the subscription was disabled, where this attempt was the reason.
   */
  record(outcome: DeliveryOutcome): Promise<DisabledReason | undefined>;
}
