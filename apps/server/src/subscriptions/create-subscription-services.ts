import type { ChangeFeed, Log, Sealer } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import {
  createDeliveryQueue,
  createDeliveryStore,
  createSubscriptionStore,
  type OpenDatabase,
} from "@tenon/postgres";
import {
  createDeliverySender,
  createSubscriptionPlanner,
  createSubscriptions,
  type DeliveryCount,
} from "@tenon/triggers";
import type { Config } from "../config.ts";
import { version } from "../version.ts";

interface Options {
  config: Config;
  database: OpenDatabase;
  connectors: ReadonlyMap<string, Connector>;
  sealer: Sealer;
  changeFeed: ChangeFeed;
  /** Told before somebody listens on a connection: nothing older is told. Never throws. */
  prepareToListen(connectionId: string): Promise<void>;
  /** Told how each attempt to deliver ended. */
  onAttempt(outcome: DeliveryCount): void;
  log: Log;
}

/** Puts together what keeps subscriptions, plans what they are told, and sends it. */
export function createSubscriptionServices(options: Options) {
  const { config, database, onAttempt, prepareToListen } = options;
  const { kysely } = database;
  const store = createSubscriptionStore(kysely);
  const planner = createSubscriptionPlanner({ ...options, subscriptions: store });
  const deliverySender = createDeliverySender({
    ...options,
    queue: createDeliveryQueue(kysely),
    allowedPrivate: config.allowedPrivate,
    userAgent: `Tenon/${version}`,
    count: onAttempt,
  });
  const subscriptions = createSubscriptions({
    ...options,
    subscriptions: store,
    deliveries: createDeliveryStore(kysely),
    prepare: prepareToListen,
    wake: () => deliverySender.wake(),
    httpsOnly: config.production,
  });
  deliverySender.start();
  return {
    subscriptions,
    subscriptionPlanner: planner,
    deliverySender,
    /** Waits for deliveries under way. */
    async close() {
      await deliverySender.close();
      planner.close();
    },
  };
}
