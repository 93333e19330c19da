import {
  type Authorization,
  AuthorizationFailure,
  authorizationFailures,
  InstallOptions,
} from "@tenon/connections";
import { type Kysely, type Selectable, sql } from "kysely";
import type { Database } from "../tables.ts";

/** An exchange that takes longer than this was interrupted: its process is gone or stuck. */
export const interruptedAfter = sql.raw("interval '1 minute'");

/** Selects sign-ins, and whether they ended without anyone noting it. */
export function selectAuthorizations(db: Kysely<Database>) {
  return db
    .selectFrom("authorizations")
    .innerJoin("integrations", "integrations.id", "authorizations.integration_id")
    .selectAll("authorizations")
    .select([
      "integrations.connector_id",
      sql<boolean>`status = 'pending' and expires_at <= now()`.as("is_expired"),
      sql<boolean>`status = 'exchanging' and exchange_started_at <= now() - ${interruptedAfter}`.as(
        "is_interrupted",
      ),
    ]);
}

type AuthorizationRow = Selectable<Database["authorizations"]> & {
  connector_id: string;
  is_expired: boolean;
  is_interrupted: boolean;
};

export function toAuthorization(row: AuthorizationRow): Authorization {
  return {
    id: row.id,
    projectId: row.project_id,
    integrationId: row.integration_id,
    connectorId: row.connector_id,
    userId: row.user_id,
    clientId: row.client_id,
    baseUrl: row.base_url,
    redirectUri: row.redirect_uri,
    openerOrigin: row.opener_origin,
    installOptions: InstallOptions.parse(row.install_options),
    status: row.is_expired || row.is_interrupted ? "failed" : row.status,
    connectionId: row.connection_id,
    failure: readFailure(row),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function readFailure(row: AuthorizationRow): AuthorizationFailure | null {
  if (row.is_expired) return authorizationFailures.expired;
  if (row.is_interrupted) return authorizationFailures.interrupted;
  return row.failure === null ? null : AuthorizationFailure.parse(row.failure);
}
