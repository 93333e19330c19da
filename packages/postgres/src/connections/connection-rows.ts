import {
  type Configuration,
  type Connection,
  type ExistingConnection,
  ProviderData,
  Settings,
} from "@tenon/connections";
import type { Kysely, Selectable } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import * as z from "zod";
import type { Database } from "../tables.ts";

const ConfigurationRow = z.object({
  id: z.string(),
  connection_id: z.string(),
  external_id: z.string().nullable(),
  is_default: z.boolean(),
  workflow_settings: Settings,
  shared_settings: Settings,
  meta: Settings,
  created_at: z.coerce.date(),
  updated_at: z.coerce.date(),
});

/** Selects connections with their configurations, both oldest first. */
export function selectConnections(db: Kysely<Database>) {
  return db
    .selectFrom("connections")
    .selectAll("connections")
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom("configurations")
          .selectAll("configurations")
          .whereRef("configurations.connection_id", "=", "connections.id")
          .orderBy("configurations.created_at")
          .orderBy("configurations.id"),
      ).as("configurations"),
    )
    .orderBy("connections.created_at")
    .orderBy("connections.id");
}

/** Columns of a connection whose tokens are fresh: nobody renews them, nothing failed. */
export const atRest = {
  refresh_failure_count: 0,
  refresh_after: null,
  lease_holder: null,
  lease_until: null,
};

type ConnectionRow = Selectable<Database["connections"]> & { configurations: unknown };

export function toConnection(row: ConnectionRow): Connection {
  return {
    id: row.id,
    projectId: row.project_id,
    integrationId: row.integration_id,
    connectorId: row.connector_id,
    userId: row.user_id,
    externalId: row.external_id,
    status: row.status,
    invalidReason: row.invalid_reason,
    accountId: row.account_id,
    providerData: ProviderData.parse(row.provider_data),
    clientId: row.client_id,
    baseUrl: row.base_url,
    tokenVersion: row.token_version,
    expiresAt: row.expires_at,
    refreshedAt: row.refreshed_at,
    refreshFailureCount: row.refresh_failure_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    configurations: z.array(ConfigurationRow).parse(row.configurations).map(toConfiguration),
  };
}

export function toExistingConnection(row: ConnectionRow): ExistingConnection {
  return { ...toConnection(row), sealedTokens: row.sealed_tokens };
}

function toConfiguration(row: z.output<typeof ConfigurationRow>): Configuration {
  return {
    id: row.id,
    connectionId: row.connection_id,
    externalId: row.external_id,
    isDefault: row.is_default,
    workflowSettings: row.workflow_settings,
    sharedSettings: row.shared_settings,
    meta: row.meta,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
