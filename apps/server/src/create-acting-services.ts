import type {
  AppCredentialsSource,
  ChangeFeed,
  ConnectionStore,
  CredentialSource,
  Limiter,
  Sealer,
} from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import type { OpenDatabase } from "@tenon/postgres";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { createWatchServices } from "./create-watch-services.ts";
import { createWorkflowServices } from "./create-workflow-services.ts";
import type { Metrics } from "./operations/metrics.ts";
import { createSubscriptionServices } from "./subscriptions/create-subscription-services.ts";
import { createWebhookServices } from "./webhooks/create-webhook-services.ts";

interface Options {
  config: Config;
  database: OpenDatabase;
  connectors: ReadonlyMap<string, Connector>;
  connections: ConnectionStore;
  appCredentials: AppCredentialsSource;
  credentials: CredentialSource;
  limiter: Limiter;
  sealer: Sealer;
  changeFeed: ChangeFeed;
  metrics: Metrics;
  log: Logger;
}

/**
 * Puts together what acts by itself: runs of workflows, what follows connected accounts, and what
 * tells customers of it.
 */
export function createActingServices(options: Options) {
  const { metrics } = options;
  // What follows accounts needs what listens, which has it look before somebody listens.
  const prepareToListen = (connectionId: string) => watcher.prepare(connectionId);
  const workflows = createWorkflowServices({
    ...options,
    runMetrics: metrics.runs,
    prepareToListen,
  });
  const subscribing = createSubscriptionServices({
    ...options,
    prepareToListen,
    onAttempt: metrics.deliveries.count,
  });
  const watcher = createWatchServices({
    ...options,
    client: workflows.client,
    triggers: workflows.lifecycle.triggers,
    subscriptionPlanner: subscribing.subscriptionPlanner,
    onDeliveries: () => subscribing.deliverySender.wake(),
    watchMetrics: metrics.watches,
  });
  const webhooks = createWebhookServices({
    ...options,
    onOutcome: metrics.webhooks.count,
    onRouted: (connectionIds) => watcher.wake(connectionIds),
  });
  watcher.start();
  return {
    ...workflows,
    ...subscribing,
    ...webhooks,
    watcher,
    /** What begins things ends first. */
    async close() {
      await webhooks.close();
      await watcher.close();
      await subscribing.close();
      await workflows.close();
    },
  };
}
