import { randomUUID } from "node:crypto";
import type {
  AuthorizationStore,
  Connection,
  ExistingConnection,
  Placement,
} from "@tenon/connections";
import { type Selectable, sql, type Transaction } from "kysely";
import type { Database } from "../tables.ts";
import { interruptedAfter } from "./authorization-rows.ts";
import {
  atRest,
  selectConnections,
  toConnection,
  toExistingConnection,
} from "./connection-rows.ts";

type Place = Parameters<AuthorizationStore["connect"]>[1];
type AuthorizationRow = Selectable<Database["authorizations"]> & { connector_id: string };

/**
 * Writes the connection of a sign-in and the sign-in's outcome.
 *
 * - The user's row is locked first: two sign-ins of one user are stored one after the other, so
 *   neither misses the other's account.
 * - The user's connections are locked too: a renewal that ends meanwhile is seen before or comes
 *   after, and then finds its tokens replaced.
 */
export async function connectAccount(
  transaction: Transaction<Database>,
  authorizationId: string,
  place: Place,
): Promise<{ connection: Connection; replaced: ExistingConnection | undefined } | undefined> {
  const authorization = await transaction
    .selectFrom("authorizations")
    .innerJoin("integrations", "integrations.id", "authorizations.integration_id")
    .selectAll("authorizations")
    .select([
      "integrations.connector_id",
      sql<boolean>`exchange_started_at <= clock_timestamp() - ${interruptedAfter}`.as("is_late"),
    ])
    .where("authorizations.id", "=", authorizationId)
    .forUpdate("authorizations")
    .executeTakeFirst();
  if (authorization?.status === "connected" && authorization.connection_id !== null) {
    const connection = await readConnection(transaction, authorization.connection_id);
    return { connection, replaced: undefined };
  }
  if (authorization?.status !== "exchanging" || authorization.is_late) return undefined;
  const existing = await lockConnections(transaction, authorization);
  const placement = place(existing);
  const { connectionId } = placement;
  await (placement.isNew ? insertConnection : replaceAccount)(
    transaction,
    authorization,
    placement,
  );
  await transaction
    .updateTable("authorizations")
    .set({ status: "connected", connection_id: connectionId })
    .where("id", "=", authorizationId)
    .execute();
  return {
    connection: await readConnection(transaction, connectionId),
    replaced: existing.find(({ id }) => id === connectionId),
  };
}

async function lockConnections(
  transaction: Transaction<Database>,
  { user_id, integration_id }: AuthorizationRow,
): Promise<ExistingConnection[]> {
  await transaction
    .selectFrom("connected_users")
    .select("id")
    .where("id", "=", user_id)
    .forNoKeyUpdate()
    .execute();
  await transaction
    .selectFrom("connections")
    .select("id")
    .where("user_id", "=", user_id)
    .where("integration_id", "=", integration_id)
    .forNoKeyUpdate()
    .execute();
  const rows = await selectConnections(transaction)
    .where("connections.user_id", "=", user_id)
    .where("connections.integration_id", "=", integration_id)
    .execute();
  return rows.map(toExistingConnection);
}

async function insertConnection(
  transaction: Transaction<Database>,
  authorization: AuthorizationRow,
  placement: Placement,
): Promise<void> {
  const { project_id, integration_id, connector_id, user_id } = authorization;
  const id = placement.connectionId;
  await transaction
    .insertInto("connections")
    .values({
      id,
      project_id,
      integration_id,
      connector_id,
      user_id,
      provider_data: JSON.stringify(placement.providerData),
      ...toColumns(authorization, placement),
    })
    .execute();
  await transaction
    .insertInto("configurations")
    .values({
      id: randomUUID(),
      project_id,
      connection_id: id,
      is_default: true,
      workflow_settings: "{}",
      shared_settings: "{}",
      meta: "{}",
    })
    .execute();
}

/** Gives the connection new tokens; its settings and id stay. A renewal under way is fenced off. */
async function replaceAccount(
  transaction: Transaction<Database>,
  authorization: AuthorizationRow,
  placement: Placement,
): Promise<void> {
  await transaction
    .updateTable("connections")
    .set({
      ...toColumns(authorization, placement),
      ...atRest,
      provider_data: JSON.stringify(placement.providerData),
      token_version: sql`token_version + 1`,
      fence: sql`fence + 1`,
      refreshed_at: sql`now()`,
      updated_at: sql`now()`,
      invalid_reason: null,
    })
    .where("id", "=", placement.connectionId)
    .execute();
}

/** What a sign-in decides of its connection. */
function toColumns({ client_id, base_url }: AuthorizationRow, placement: Placement) {
  return {
    client_id,
    base_url,
    external_id: placement.externalId,
    account_id: placement.accountId,
    sealed_tokens: placement.sealedTokens,
    expires_at: placement.expiresAt,
    status: "VALID" as const,
  };
}

async function readConnection(transaction: Transaction<Database>, id: string): Promise<Connection> {
  const row = await selectConnections(transaction)
    .where("connections.id", "=", id)
    .executeTakeFirstOrThrow();
  return toConnection(row);
}
