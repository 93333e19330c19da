import type { Sealer } from "@tenon/connections";
import {
  type EndpointDirectory,
  endpointTokenPlace,
  handshakeTokenPlace,
} from "./endpoint-directory.ts";
import type {
  EndpointKey,
  StoredEndpoint,
  StoredHandshake,
  WebhookEndpointStore,
} from "./endpoint-store.ts";
import { hashToken } from "./handshakes.ts";
import { inboundError } from "./inbound-error.ts";

/** A token that waits for the developer, to be pasted at the provider. */
export interface PendingHandshake {
  id: string;
  token: string;
  receivedAt: Date;
}

/** How an integration's webhook stands. */
export type WebhookStatus = Omit<StoredEndpoint, "integration" | "sealedToken"> & {
  isActive: boolean;
  handshakes: PendingHandshake[];
};

/** What a developer does with an integration's webhook. All throw `not_found` where there is none. */
export interface WebhookSettings {
  show(key: EndpointKey): Promise<WebhookStatus>;
  /**
   * Accepts events signed with the token from now on, in place of any other. Throws
   * `webhook_handshake_not_found` for tokens that no pending handshake brought.
   *
   * @param forApp events concern every integration that uses the same development keys.
   */
  activate(key: EndpointKey, ask: { token: string; forApp: boolean }): Promise<WebhookStatus>;
  /** Forgets the token: no event is accepted from now on. */
  deactivate(key: EndpointKey): Promise<void>;
}

/** Creates what shows and activates webhooks. */
export function createWebhookSettings(options: {
  directory: EndpointDirectory;
  endpoints: WebhookEndpointStore;
  sealer: Sealer;
}): WebhookSettings {
  const { directory, endpoints, sealer } = options;

  async function open(projectId: string, handshake: StoredHandshake): Promise<PendingHandshake> {
    const { id, sealedToken, receivedAt } = handshake;
    const token = await sealer.open(projectId, handshakeTokenPlace(id), sealedToken);
    return { id, token, receivedAt };
  }

  async function show({ integrationId, projectId }: EndpointKey): Promise<WebhookStatus> {
    // Whether the provider sends webhooks at all.
    await directory.get(integrationId);
    const [stored, pending] = await Promise.all([
      endpoints.find(integrationId),
      endpoints.listHandshakes(integrationId),
    ]);
    if (stored === undefined) throw inboundError("not_found", "The integration was removed.");
    const { integration: _integration, sealedToken, ...facts } = stored;
    const handshakes = await Promise.all(pending.map((one) => open(projectId, one)));
    return { ...facts, isActive: sealedToken !== null, handshakes };
  }

  return {
    show,

    async activate(key, { token, forApp }) {
      const { integrationId, projectId } = key;
      const { title } = await directory.get(integrationId);
      const sealedToken = await sealer.seal(projectId, endpointTokenPlace(integrationId), token);
      const tokenHash = hashToken(token);
      const isPending = await endpoints.activate({ ...key, sealedToken, tokenHash, forApp });
      directory.forget(integrationId);
      if (isPending) return show(key);
      throw inboundError(
        "webhook_handshake_not_found",
        `${title} sent no handshake with this token in the last 7 days. Let it send the token again, then activate the one that the webhook's handshakes show.`,
      );
    },

    async deactivate({ integrationId }) {
      await endpoints.deactivate(integrationId);
      directory.forget(integrationId);
    },
  };
}
