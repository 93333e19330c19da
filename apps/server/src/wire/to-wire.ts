import { type Configuration, type Connection, selectConnection } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { type EndpointOutput, management, type wire } from "@tenon/contract";
import type { Integration } from "@tenon/postgres";

type ConnectIntegration = EndpointOutput<typeof wire.getIntegrations>[number];

/** A connection in the SDK's words. Tokens are no part of it. */
export function toCredential(connection: Connection): wire.Credential {
  return {
    id: connection.id,
    projectId: connection.projectId,
    integrationId: connection.integrationId,
    personaId: connection.userId,
    ...(connection.externalId !== null && { externalId: connection.externalId }),
    status: connection.status,
    providerId: connection.accountId,
    providerData: connection.providerData,
    configurations: connection.configurations.map(toConfiguration),
    isPreviewCredential: false,
    dateCreated: connection.createdAt.toISOString(),
    dateUpdated: connection.updatedAt.toISOString(),
    dateRefreshed: connection.refreshedAt.toISOString(),
    ...(connection.expiresAt && { dateValidUntil: connection.expiresAt.toISOString() }),
    refreshFailureCount: connection.refreshFailureCount,
  };
}

/** How one integration stands for a user, over all of the user's accounts. */
export function toUserIntegration(connections: Connection[]): wire.UserIntegration {
  const chosen = selectConnection(connections);
  const allCredentials = connections.map(toCredential);
  if (!chosen) return { enabled: false, allCredentials };
  const configuration = chosen.configurations.find((one) => one.isDefault);
  return {
    enabled: true,
    credentialId: chosen.id,
    credentialStatus: chosen.status,
    providerId: chosen.accountId,
    providerData: chosen.providerData,
    ...(configuration && {
      credentialConfigId: configuration.id,
      sharedSettings: configuration.sharedSettings,
      workflowSettings: configuration.workflowSettings,
      configuredWorkflows: configuration.workflowSettings,
      configMeta: configuration.meta,
      ...(configuration.externalId !== null && { externalId: configuration.externalId }),
    }),
    allCredentials,
  };
}

/** An integration as the SDK and the portal show it. */
export function toConnectIntegration(
  integration: Integration,
  connector: Connector,
  hasCredential: boolean,
): ConnectIntegration {
  const portal = management.PortalTexts.parse(integration.portal);
  const dates = {
    dateCreated: integration.createdAt.toISOString(),
    dateUpdated: integration.updatedAt.toISOString(),
  };
  return {
    id: integration.id,
    ...dates,
    projectId: integration.projectId,
    type: integration.connectorId,
    name: connector.title,
    brandColor: connector.brandColor,
    isActive: integration.isActive,
    authenticationType: "oauth",
    needPreOauthInputs: false,
    hasCredential,
    connectedUserLimitOnDevCred: 0,
    connectedUserLimitReached: false,
    configs: [
      {
        // An integration has one portal configuration, so its own id names it.
        id: integration.id,
        ...dates,
        integrationId: integration.id,
        values: {
          accentColor: portal.accentColor ?? connector.brandColor,
          description: portal.description ?? connector.description,
          ...(portal.overview !== undefined && { overview: portal.overview }),
          workflowMeta: {},
          sharedMeta: { inputs: [] },
        },
      },
    ],
    workflows: [],
    noPermissionWorkflows: [],
    sdkIntegrationConfig: {
      oauthInputs: [],
      accountTypes: [],
      authConfigInputs: [],
      postOauthInputs: [],
      dataSources: {},
    },
  };
}

function toConfiguration(configuration: Configuration): wire.Credential["configurations"][number] {
  return {
    id: configuration.id,
    dateCreated: configuration.createdAt.toISOString(),
    dateUpdated: configuration.updatedAt.toISOString(),
    connectCredentialId: configuration.connectionId,
    workflowSettings: configuration.workflowSettings,
    sharedSettings: configuration.sharedSettings,
    configMeta: configuration.meta,
    ...(configuration.externalId !== null && { externalId: configuration.externalId }),
    isDefault: configuration.isDefault,
  };
}
