import { type Configuration, type Connection, selectConnection } from "@tenon/connections";
import type { wire } from "@tenon/contract";

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
