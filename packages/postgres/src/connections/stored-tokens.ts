import type { StoredTokens } from "@tenon/connections";
import { type Selectable, sql } from "kysely";
import type { Database } from "../tables.ts";

export function toStoredTokens(row: Selectable<Database["connections"]>): StoredTokens {
  return {
    connectionId: row.id,
    projectId: row.project_id,
    integrationId: row.integration_id,
    connectorId: row.connector_id,
    accountId: row.account_id,
    clientId: row.client_id,
    baseUrl: row.base_url,
    status: row.status,
    invalidReason: row.invalid_reason,
    sealedTokens: row.sealed_tokens,
    tokenVersion: row.token_version,
    expiresAt: row.expires_at,
    refreshedAt: row.refreshed_at,
  };
}

/** That many milliseconds from now, by the database's clock. */
export function after(milliseconds: number) {
  return sql<Date>`clock_timestamp() + ${milliseconds} * interval '1 millisecond'`;
}
