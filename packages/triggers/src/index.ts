export type { Change, Listener, NewDelivery, Start, StartPlanner } from "./change.ts";
export { outputOf } from "./change.ts";

export { createEndpointDirectory, type EndpointDirectory } from "./inbound/endpoint-directory.ts";
export type {
  EndpointKey,
  Refusals,
  StoredEndpoint,
  StoredHandshake,
  WebhookEndpointStore,
} from "./inbound/endpoint-store.ts";
export type {
  ChangeStart,
  EventPage,
  EventRoute,
  EventSummary,
  InboundHistory,
  WatchStatus,
} from "./inbound/event-history.ts";
export type {
  Audience,
  EventOutcome,
  InboundEventStore,
  NewInboundEvent,
  Recorded,
  Routing,
} from "./inbound/event-store.ts";
export { createInbox, type Inbox, type InboxOutcome } from "./inbound/create-inbox.ts";
export {
  createWebhookSettings,
  type WebhookSettings,
  type WebhookStatus,
} from "./inbound/create-webhook-settings.ts";
export type { InboundErrorCode } from "./inbound/inbound-error.ts";

export type {
  Delivery,
  DeliveryAttempt,
  DeliveryFilter,
  DeliveryPage,
  DeliveryStatus,
} from "./subscriptions/delivery.ts";
export { deliveryStatuses } from "./subscriptions/delivery.ts";
export { disabledReasons, subscriptionStatuses } from "./subscriptions/subscription.ts";
export type {
  DisabledReason,
  NewSubscription,
  Subscription,
  SubscriptionChange,
  SubscriptionFilter,
  SubscriptionPage,
  SubscriptionScope,
  SubscriptionStatus,
} from "./subscriptions/subscription.ts";
export type {
  ClaimedDelivery,
  DeliveryClaim,
  DeliveryOutcome,
  DeliveryQueue,
  DeliveryStore,
  PlannedSubscription,
  StoredSubscription,
  StoredSubscriptionChange,
  SubscriptionSeed,
  SubscriptionStore,
} from "./subscriptions/subscription-store.ts";
export type { SubscriptionErrorCode } from "./subscriptions/subscription-error.ts";
export {
  createSubscriptions,
  type SubscriptionAccount,
  type Subscriptions,
  type SubscriptionsOptions,
} from "./subscriptions/create-subscriptions.ts";
export {
  createSubscriptionPlanner,
  type SubscriptionPlanner,
} from "./subscriptions/create-subscription-planner.ts";
export {
  createDeliverySender,
  type DeliveryCount,
  type DeliverySender,
  type DeliverySenderOptions,
  type DeliveryTiming,
} from "./subscriptions/create-delivery-sender.ts";
export { findTrigger } from "./subscriptions/find-trigger.ts";
export {
  createWatcher,
  type PollIntervals,
  type Watcher,
  type WatcherOptions,
} from "./watching/create-watcher.ts";
export {
  type HeldWatch,
  type LedgerEntry,
  ListenersChanged,
  type PendingRoute,
  type RouteOutcome,
  type WatchCommit,
  WatchLost,
  type WatchRelease,
  type WatchStore,
} from "./watching/watch-store.ts";
export { readTriggerSample } from "./watching/trigger-sample.ts";
export { createWorkflowPlanner } from "./watching/workflow-planner.ts";
