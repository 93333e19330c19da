import type { Connector } from "@tenon/connector";
import { type Sealer, clientSecretPlace } from "@tenon/connections";
import { type EndpointInput, management } from "@tenon/contract";
import type { Integration, IntegrationStore } from "@tenon/postgres";
import { randomUUID } from "node:crypto";
import { httpError } from "../http/errors.ts";

type PutIntegration = EndpointInput<typeof management.putIntegration>["body"];

export interface IntegrationSettings {
  list(projectId: string): Promise<management.Integration[]>;
  put(projectId: string, type: string, change: PutIntegration): Promise<management.Integration>;
}

/** Enables integrations and keeps their app credentials; the secret goes in and never comes out. */
export function createIntegrationSettings(options: {
  connectors: ReadonlyMap<string, Connector>;
  integrations: IntegrationStore;
  sealer: Sealer;
  /** The server's public URL. */
  url: string;
}): IntegrationSettings {
  const { connectors, integrations, sealer, url } = options;

  function present(integration: Integration): management.Integration {
    return {
      id: integration.id,
      type: integration.connectorId,
      isActive: integration.isActive,
      clientId: integration.clientId,
      clientSecretSet: integration.sealedClientSecret !== null,
      redirectUrl: `${url}/oauth`,
      portal: management.PortalTexts.parse(integration.portal),
      dateCreated: integration.createdAt.toISOString(),
      dateUpdated: integration.updatedAt.toISOString(),
    };
  }

  return {
    async list(projectId) {
      return (await integrations.list(projectId)).map(present);
    },

    async put(projectId, type, change) {
      if (!connectors.has(type)) {
        const known = [...connectors.keys()].join(", ");
        throw httpError(
          "integration_not_found",
          `There is no connector "${type}". This Tenon has: ${known}.`,
        );
      }
      const existing = await integrations.find(projectId, type);
      const id = existing?.id ?? randomUUID();
      const sealed =
        change.clientSecret === undefined
          ? undefined
          : await sealer.seal(projectId, clientSecretPlace(id), change.clientSecret);
      const stored = await integrations.put(
        { id, projectId, connectorId: type },
        {
          isActive: change.isActive,
          clientId: change.clientId,
          sealedClientSecret: change.clientId === null ? null : sealed,
          portal: change.portal,
        },
      );
      if (sealed !== undefined && stored.id !== id) {
        throw httpError(
          "conflict",
          "The integration was created meanwhile. Send the request again.",
        );
      }
      return present(stored);
    },
  };
}
