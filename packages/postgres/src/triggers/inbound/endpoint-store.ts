import type { IntegrationKeys } from "@tenon/connections";
import type { Refusals, StoredEndpoint, WebhookEndpointStore } from "@tenon/triggers";
import { type Kysely, sql } from "kysely";
import { isUuid } from "../../is-uuid.ts";
import type { Database } from "../../tables.ts";

const maxHandshakes = 5;
/** How long a handshake waits for the developer. */
const handshakeAge = sql`make_interval(days => 7)`;

/** Stores how each integration's webhook is checked. Its changes are told as `webhook_endpoints`. */
export function createWebhookEndpointStore(db: Kysely<Database>): WebhookEndpointStore {
  return {
    async find(integrationId) {
      if (!isUuid(integrationId)) return undefined;
      const row = await selectEndpoint(db, integrationId).executeTakeFirst();
      return row && toEndpoint(row);
    },

    async listOfApp(connectorId, clientId) {
      const rows = await db
        .selectFrom("integrations as integration")
        .select(keyColumns)
        .where("connector_id", "=", connectorId)
        .where("client_id", "=", clientId)
        .execute();
      return rows.map(toKeys);
    },

    addHandshake: (handshake) => addHandshake(db, handshake),

    async listHandshakes(integrationId) {
      const rows = await db
        .selectFrom("webhook_handshakes")
        .select(["id", "sealed_token", "received_at"])
        .where("integration_id", "=", integrationId)
        .where("received_at", ">", sql<Date>`now() - ${handshakeAge}`)
        .orderBy("received_at", "desc")
        .limit(maxHandshakes)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        sealedToken: row.sealed_token,
        receivedAt: row.received_at,
      }));
    },

    activate: (endpoint) => activate(db, endpoint),

    async deactivate(integrationId) {
      await sql`
        with deactivated as (
          update webhook_endpoints set sealed_token = null, for_app = false, activated_at = null
          where integration_id = ${integrationId}
          returning project_id, integration_id
        )
        select ${tell} from deactivated
      `.execute(db);
    },

    addRefusals: (refusals) => addRefusals(db, refusals),
  };
}

/** The columns that change with each event must not be told: so it is no trigger of the table. */
const tell = sql`pg_notify(
  'tenon_changes', concat_ws(':', 'webhook_endpoints', project_id, integration_id))`;

const keyColumns = [
  "integration.id",
  "integration.project_id",
  "integration.connector_id",
  "integration.client_id",
  "integration.sealed_client_secret",
] as const;

function selectEndpoint(db: Kysely<Database>, integrationId: string) {
  return db
    .selectFrom("integrations as integration")
    .leftJoin("webhook_endpoints as endpoint", "endpoint.integration_id", "integration.id")
    .select([
      ...keyColumns,
      "endpoint.sealed_token",
      "endpoint.for_app",
      "endpoint.activated_at",
      "endpoint.last_event_at",
      "endpoint.last_refused_at",
      "endpoint.last_refusal",
      "endpoint.refused_count",
    ])
    .where("integration.id", "=", integrationId);
}

type EndpointRow = Awaited<ReturnType<ReturnType<typeof selectEndpoint>["execute"]>>[number];

function toEndpoint(row: EndpointRow): StoredEndpoint {
  return {
    integration: toKeys(row),
    sealedToken: row.sealed_token,
    forApp: row.for_app ?? false,
    activatedAt: row.activated_at,
    lastEventAt: row.last_event_at,
    lastRefusedAt: row.last_refused_at,
    lastRefusal: row.last_refusal,
    refusedCount: Number(row.refused_count ?? 0),
  };
}

function toKeys(row: {
  id: string;
  project_id: string;
  connector_id: string;
  client_id: string | null;
  sealed_client_secret: Buffer | null;
}): IntegrationKeys {
  return {
    id: row.id,
    projectId: row.project_id,
    connectorId: row.connector_id,
    clientId: row.client_id,
    sealedClientSecret: row.sealed_client_secret,
  };
}

async function addHandshake(
  db: Kysely<Database>,
  handshake: Parameters<WebhookEndpointStore["addHandshake"]>[0],
): Promise<void> {
  const { id, integrationId, projectId, sealedToken, tokenHash } = handshake;
  await db.transaction().execute(async (tx) => {
    // One after the other, so that each sees how many there are.
    await sql`select from integrations where id = ${integrationId} for no key update`.execute(tx);
    await sql`
      insert into webhook_handshakes (id, integration_id, project_id, sealed_token, token_hash)
      values (${id}, ${integrationId}, ${projectId}, ${sealedToken}, ${tokenHash})
      on conflict (integration_id, token_hash) do update set received_at = now()
    `.execute(tx);
    await sql`
      delete from webhook_handshakes where id in (
        select id from webhook_handshakes where integration_id = ${integrationId}
        order by received_at desc, id offset ${maxHandshakes}
      )
    `.execute(tx);
  });
}

async function activate(
  db: Kysely<Database>,
  endpoint: Parameters<WebhookEndpointStore["activate"]>[0],
): Promise<boolean> {
  const { integrationId, projectId, sealedToken, tokenHash, forApp } = endpoint;
  const { rows } = await sql<{ told: unknown }>`
    with chosen as (
      delete from webhook_handshakes
      where integration_id = ${integrationId} and token_hash = ${tokenHash}
        and received_at > now() - ${handshakeAge}
      returning id
    ),
    others as (
      delete from webhook_handshakes
      where integration_id = ${integrationId} and token_hash <> ${tokenHash}
        and exists (select from chosen)
    ),
    activated as (
      insert into webhook_endpoints as endpoint
        (integration_id, project_id, sealed_token, for_app, activated_at)
      select ${integrationId}, ${projectId}, ${sealedToken}, ${forApp}, now() from chosen
      on conflict (integration_id) do update
        set sealed_token = excluded.sealed_token, for_app = excluded.for_app,
          activated_at = excluded.activated_at
      returning endpoint.project_id, endpoint.integration_id
    )
    select ${tell} as told from activated
  `.execute(db);
  return rows.length > 0;
}

async function addRefusals(db: Kysely<Database>, refusals: readonly Refusals[]): Promise<void> {
  await sql`
    insert into webhook_endpoints as endpoint
      (integration_id, project_id, refused_count, last_refusal, last_refused_at)
    select integration.id, integration.project_id, refused.count, refused.last, refused."lastAt"
    from json_to_recordset(${JSON.stringify(refusals)})
      as refused ("integrationId" uuid, count bigint, last text, "lastAt" timestamptz)
    join integrations as integration on integration.id = refused."integrationId"
    order by integration.id
    on conflict (integration_id) do update
      set refused_count = endpoint.refused_count + excluded.refused_count,
        last_refusal = excluded.last_refusal,
        last_refused_at = greatest(endpoint.last_refused_at, excluded.last_refused_at)
  `.execute(db);
}
