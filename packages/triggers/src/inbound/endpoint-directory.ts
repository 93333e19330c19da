import {
  type AppCredentialsSource,
  ChangeCache,
  type ChangeFeed,
  type Log,
  type Sealer,
  type SealPlace,
} from "@tenon/connections";
import type { Connector, Webhook } from "@tenon/connector";
import { createReadAudience } from "./audience.ts";
import type { EndpointKey, WebhookEndpointStore } from "./endpoint-store.ts";
import type { Routing } from "./event-store.ts";
import { inboundError } from "./inbound-error.ts";
import { createReadEvent, type InboundEvent } from "./read-event.ts";

/** An integration's webhook with all that an event needs, in memory. */
export interface InboundEndpoint extends EndpointKey {
  /** The provider's name. */
  title: string;
  webhook: Webhook;
  /** Throws `invalid_request`. */
  readEvent(body: object): InboundEvent;
  /** Undefined: no event is accepted. */
  token: string | undefined;
  routing: Routing;
}

export interface EndpointDirectory {
  /** The endpoint if it is in memory. */
  peek(integrationId: string): InboundEndpoint | undefined;
  /** Throws `not_found` for integrations that do not exist or whose provider sends no webhooks. */
  get(integrationId: string): Promise<InboundEndpoint>;
  /** After a change of this process's own: what was changed holds from this moment on. */
  forget(integrationId: string): void;
  close(): void;
}

/** Where the token that events are signed with is sealed. */
export function endpointTokenPlace(integrationId: string): SealPlace {
  return { table: "webhook_endpoints", column: "sealed_token", rowId: integrationId };
}

/** Where the token of a handshake is sealed. */
export function handshakeTokenPlace(handshakeId: string): SealPlace {
  return { table: "webhook_handshakes", column: "sealed_token", rowId: handshakeId };
}

/** What makes every endpoint stale: which of them share an app follows from all integrations. */
const anyIntegration = "integrations";

/** Endpoints in memory until any process changes them, or an integration of any project. */
export function createEndpointDirectory(options: {
  endpoints: WebhookEndpointStore;
  connectors: ReadonlyMap<string, Connector>;
  appCredentials: Pick<AppCredentialsSource, "current">;
  sealer: Sealer;
  changeFeed: ChangeFeed;
  log: Log;
}): EndpointDirectory {
  const { endpoints, connectors, sealer, log } = options;
  const readAudience = createReadAudience(options);
  const cache = new ChangeCache<InboundEndpoint>({
    feed: options.changeFeed,
    tagOf({ table, id }) {
      if (table === "integrations") return anyIntegration;
      return table === "webhook_endpoints" ? id : undefined;
    },
    tags: ({ integrationId }) => [anyIntegration, integrationId],
    maxEntries: 10_000,
  });

  async function load(integrationId: string): Promise<InboundEndpoint> {
    const stored = await endpoints.find(integrationId);
    if (!stored) throw unknownAddress(integrationId);
    const connector = connectors.get(stored.integration.connectorId);
    const webhook = connector?.watch?.webhook;
    if (!webhook) throw unknownAddress(integrationId);
    const { integration, sealedToken } = stored;
    const { id, projectId } = integration;
    return {
      integrationId: id,
      projectId,
      title: connector.title,
      webhook,
      readEvent: createReadEvent(webhook, (type, err) =>
        log.warn({ err, connector: connector.id, type }, "An event's object cannot be read"),
      ),
      token:
        sealedToken === null
          ? undefined
          : await sealer.open(projectId, endpointTokenPlace(id), sealedToken),
      routing: {
        ...(await readAudience(stored)),
        connectorId: connector.id,
        accountKey: webhook.route.account.providerData,
        viewerKeys: webhook.route.audience.providerData,
      },
    };
  }

  return {
    peek: (integrationId) => cache.peek(integrationId),
    get: (integrationId) => cache.get(integrationId, () => load(integrationId)),
    forget: (integrationId) => cache.drop(integrationId),
    close: () => cache.close(),
  };
}

function unknownAddress(integrationId: string): Error {
  return inboundError(
    "not_found",
    `No integration with the id "${integrationId}" receives webhooks here. Copy the address from the integration's webhook settings.`,
  );
}
