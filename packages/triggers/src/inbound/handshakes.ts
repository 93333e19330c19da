import { createHash, randomUUID } from "node:crypto";
import type { Sealer } from "@tenon/connections";
import { handshakeTokenPlace, type InboundEndpoint } from "./endpoint-directory.ts";
import type { WebhookEndpointStore } from "./endpoint-store.ts";
import { inboundError } from "./inbound-error.ts";
import { isSameText } from "./signature.ts";
import { createWindow } from "./window.ts";

const maxTokenLength = 500;
const maxPerMinute = 20;

export interface Handshakes {
  /**
   * Keeps a token for the developer to look at. Throws `webhook_handshakes_too_many`: whoever sends
   * many must not make the database write each.
   */
  take(endpoint: InboundEndpoint, token: string): Promise<void>;
}

/** Creates what takes handshakes. Nothing that is active changes by them. */
export function createHandshakes(options: {
  endpoints: Pick<WebhookEndpointStore, "addHandshake">;
  sealer: Pick<Sealer, "seal">;
}): Handshakes {
  const { endpoints, sealer } = options;
  const window = createWindow({ max: maxPerMinute, windowMs: 60_000 });
  return {
    async take({ integrationId, projectId, token: active }, token) {
      if (token === "" || token.length > maxTokenLength) {
        throw inboundError("invalid_request", "The handshake's token is empty or far too long.");
      }
      if (active !== undefined && isSameText(token, active)) return;
      if (!window.take(integrationId)) {
        throw inboundError(
          "webhook_handshakes_too_many",
          `More than ${maxPerMinute} handshakes came within a minute. Send it again later.`,
        );
      }
      const id = randomUUID();
      await endpoints.addHandshake({
        id,
        integrationId,
        projectId,
        sealedToken: await sealer.seal(projectId, handshakeTokenPlace(id), token),
        tokenHash: hashToken(token),
      });
    },
  };
}

/** Tells tokens apart without opening them. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
