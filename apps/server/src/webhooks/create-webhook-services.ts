import type { AppCredentialsSource, ChangeFeed, Log, Sealer } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import {
  createInboundEventStore,
  createInboundHistory,
  createWebhookEndpointStore,
  type OpenDatabase,
} from "@tenon/postgres";
import {
  createEndpointDirectory,
  createInbox,
  createWebhookSettings,
  type InboxOutcome,
} from "@tenon/triggers";
import { parseJsonObject } from "./parse-json-object.ts";

interface Options {
  database: OpenDatabase;
  connectors: ReadonlyMap<string, Connector>;
  appCredentials: AppCredentialsSource;
  sealer: Sealer;
  changeFeed: ChangeFeed;
  log: Log;
  /** Told of connections that events were routed to, after the commit. */
  onRouted?: (connectionIds: readonly string[]) => void;
  /** Told of every request to a webhook. */
  onOutcome(outcome: InboxOutcome): void;
}

/** Puts together what receives, checks, routes and shows providers' webhooks. */
export function createWebhookServices(options: Options) {
  const { kysely, connectionConfig } = options.database;
  const endpoints = createWebhookEndpointStore(kysely);
  const directory = createEndpointDirectory({ ...options, endpoints });
  const inbox = createInbox({
    ...options,
    directory,
    endpoints,
    events: createInboundEventStore(connectionConfig),
    parseObject: parseJsonObject,
    onRouted: options.onRouted ?? (() => undefined),
  });
  return {
    inbox,
    webhookSettings: createWebhookSettings({ ...options, directory, endpoints }),
    webhookHistory: createInboundHistory(kysely),
    /** Waits for events under way. */
    async close() {
      await inbox.close();
      directory.close();
    },
  };
}
