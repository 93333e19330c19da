import type { Log, ProviderClient } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { createWatchStore, type OpenDatabase } from "@tenon/postgres";
import { createActionClient, type TriggerSource } from "@tenon/runtime";
import { createWatcher, createWorkflowPlanner, type StartPlanner } from "@tenon/triggers";
import type { Config } from "./config.ts";
import type { WatchMetrics } from "./operations/watch-metrics.ts";

interface Options {
  config: Config;
  database: OpenDatabase;
  connectors: ReadonlyMap<string, Connector>;
  client: ProviderClient;
  /** Says which runs a change starts. */
  triggers: TriggerSource;
  /** Says which subscriptions are told of a change. */
  subscriptionPlanner: StartPlanner;
  /** There are deliveries to send. */
  onDeliveries(): void;
  watchMetrics: WatchMetrics;
  log: Log;
}

/** Puts together what follows changes in connected accounts. */
export function createWatchServices(options: Options) {
  const { config, database, client, triggers, watchMetrics } = options;
  return createWatcher({
    ...options,
    store: createWatchStore(database.kysely),
    planners: {
      workflow: createWorkflowPlanner(triggers),
      subscription: options.subscriptionPlanner,
    },
    intervals: config.polls,
    openClient: (account) => createActionClient({ ...account, client, isRead: true }),
    onStarted({ deliveries, changes }) {
      if (deliveries > 0) options.onDeliveries();
      for (const { cause, occurredAt } of changes) {
        watchMetrics.countChange({ cause, lateMs: Date.now() - occurredAt.getTime() });
      }
    },
    onPolled: watchMetrics.countPoll,
  });
}
