export type { Database } from "./tables.ts";
export { migrations } from "./migrations/index.ts";
export type { DatabaseErrorCode } from "./database-error-code.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./embedded/start-embedded-postgres.ts";
export { createChangeFeed, type DatabaseChangeFeed } from "./change-feed.ts";
export { migrate } from "./migrate.ts";
export { type DatabaseOptions, type OpenDatabase, openDatabase } from "./open-database.ts";

export { type ApiKey, type ApiKeyStore, createApiKeyStore } from "./projects/api-keys.ts";
export {
  type ConnectedUser,
  type ConnectedUserStore,
  createConnectedUserStore,
} from "./projects/connected-users.ts";
export { type ConnectedUserList, createConnectedUserList } from "./projects/connected-user-list.ts";
export {
  createIntegrationStore,
  type Integration,
  type IntegrationStore,
} from "./projects/integrations.ts";
export { createProjectStore, type Project, type ProjectStore } from "./projects/projects.ts";
export {
  createSigningKeyStore,
  type SigningKey,
  type SigningKeyStore,
} from "./projects/signing-keys.ts";

export { createAuthorizationStore } from "./connections/authorization-store.ts";
export { createConnectionStore } from "./connections/connection-store.ts";
export { createDataKeyStore } from "./connections/data-key-store.ts";
export { createIntegrationKeysReader } from "./connections/integration-keys-reader.ts";
export { createTokenStore } from "./connections/token-store.ts";

export { createRateStore } from "./limiter/rate-windows.ts";
export { createHousekeepingStore, type HousekeepingStore } from "./projects/housekeeping.ts";

export { isDatabaseGone } from "./is-database-gone.ts";
export { createRunControls } from "./workflows/run-controls.ts";
export { createRunHistory } from "./workflows/run-history.ts";
export { createRunQueue, type RunQueue } from "./workflows/run-queue.ts";
export { createRunStore } from "./workflows/run-store.ts";
export { createLifecycleStores } from "./workflows/lifecycle-stores.ts";
export { createSecretStore } from "./workflows/secret-store.ts";
export { createWorkflowStore } from "./workflows/workflow-store.ts";
export { createWatchStore } from "./triggers/watch-store.ts";
export { createInboundHistory } from "./triggers/inbound/event-history.ts";
export { createInboundEventStore } from "./triggers/inbound/event-store.ts";
export { createWebhookEndpointStore } from "./triggers/inbound/endpoint-store.ts";

export { createSubscriptionStore } from "./triggers/subscriptions/subscription-store.ts";
export { createDeliveryStore } from "./triggers/subscriptions/delivery-store.ts";
export { insertDeliveries } from "./triggers/subscriptions/insert-deliveries.ts";
export { createDeliveryQueue } from "./triggers/subscriptions/delivery-queue.ts";
