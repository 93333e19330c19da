import type { EventPage, EventSummary, InboundHistory } from "@tenon/triggers";
import { type Kysely, type Selectable, sql } from "kysely";
import { isUuid, nilUuid } from "../../is-uuid.ts";
import type { Database } from "../../tables.ts";
import { readRoutes } from "./event-routes.ts";
import { readWatch } from "./watch-status.ts";

/** Reads what came of events, always within one project. */
export function createInboundHistory(db: Kysely<Database>): InboundHistory {
  return {
    async list(page) {
      const rows = await selectPage(db, page, await listShared(db, page.projectId)).execute();
      const shown = rows.slice(0, page.limit);
      const last = shown.at(-1);
      return {
        events: shown.map((row) => toSummary(row, page.projectId)),
        nextCursor: rows.length > page.limit && last ? toCursor(last) : undefined,
      };
    },

    async find(projectId, id) {
      const shared = await listShared(db, projectId);
      const events = selectEvents(db, projectId, shared).select("event.body");
      const row =
        (isUuid(id) && (await events.where("event.id", "=", id).executeTakeFirst())) ||
        (await events
          .where("event.provider_event_id", "=", id)
          // What its index begins with.
          .where("event.integration_id", "in", [...(await listOwn(db, projectId)), ...shared])
          .orderBy("event.received_at", "desc")
          .executeTakeFirst());
      if (row === undefined) return undefined;
      const routes = await readRoutes(db, projectId, row.id);
      return { ...toSummary(row, projectId), body: row.body, routes };
    },

    watch: (projectId, connectionId) => readWatch(db, projectId, connectionId),
  };
}

/**
 * Integrations of other projects whose events may have been routed to this one: few or none. Events
 * of theirs are looked at only where there are any, and shown only where there is a route.
 */
async function listShared(db: Kysely<Database>, projectId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("webhook_endpoints as endpoint")
    .innerJoin("integrations as integration", "integration.id", "endpoint.integration_id")
    .select("integration.id")
    .where("endpoint.project_id", "<>", projectId)
    .where("endpoint.activated_at", "is not", null)
    .where((eb) =>
      eb.or([
        eb("endpoint.for_app", "=", true),
        eb(
          "integration.client_id",
          "in",
          eb
            .selectFrom("integrations as own")
            .select("own.client_id")
            .where("own.project_id", "=", projectId)
            .where("own.client_id", "is not", null),
        ),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

async function listOwn(db: Kysely<Database>, projectId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("integrations")
    .select("id")
    .where("project_id", "=", projectId)
    .execute();
  return [nilUuid, ...rows.map(({ id }) => id)];
}

type EventRow = Omit<
  Selectable<Database["webhook_events"]>,
  "body" | "integration_id" | "project_id"
> & { integration_id: string; project_id: string; connector_id: string };

function selectEvents(db: Kysely<Database>, projectId: string, shared: readonly string[]) {
  return db
    .selectFrom("webhook_events as event")
    .innerJoin("integrations as integration", "integration.id", "event.integration_id")
    .select([
      "event.id",
      "event.integration_id",
      "event.project_id",
      "event.provider_event_id",
      "event.type",
      "event.account_id",
      "event.occurred_at",
      "event.received_at",
      "event.receipts",
      "event.last_received_at",
      "event.outcome",
      "integration.connector_id",
    ])
    .where((eb) => {
      const own = eb("event.project_id", "=", projectId);
      if (shared.length === 0) return own;
      const isRouted = eb.exists(
        eb
          .selectFrom("event_routes as route")
          .select(sql`1`.as("one"))
          .whereRef("route.event_id", "=", "event.id")
          .where("route.project_id", "=", projectId),
      );
      return eb.or([own, eb.and([eb("event.integration_id", "in", [...shared]), isRouted])]);
    });
}

function selectPage(db: Kysely<Database>, page: EventPage, shared: readonly string[]) {
  const { projectId, integrationId, connectionId, outcome, from, to, limit, cursor } = page;
  let query = selectEvents(db, projectId, shared)
    .orderBy("event.received_at", "desc")
    .orderBy("event.id", "desc")
    .limit(limit + 1);
  if (outcome !== undefined) query = query.where("event.outcome", "=", outcome);
  if (from !== undefined) query = query.where("event.received_at", ">=", from);
  if (to !== undefined) query = query.where("event.received_at", "<", to);
  if (integrationId !== undefined) {
    // Of this integration's own endpoint, or routed to one of its connections.
    query = query.where(
      sql<boolean>`(event.integration_id = ${integrationId} or exists (
        select from event_routes as route
        join connections as connection on connection.id = route.connection_id
        where route.event_id = event.id and connection.integration_id = ${integrationId}))`,
    );
  }
  if (connectionId !== undefined) {
    query = query.where(
      sql<boolean>`event.id in (
        select route.event_id from event_routes as route
        where route.connection_id = ${isUuid(connectionId) ? connectionId : nilUuid}
          and route.project_id = ${projectId})`,
    );
  }
  const start = cursor === undefined ? undefined : parseCursor(cursor);
  if (start === undefined) return query;
  return query.where(
    sql<boolean>`(event.received_at, event.id) < (${start.receivedAt}::timestamptz, ${start.id}::uuid)`,
  );
}

/** The column keeps milliseconds only, as JavaScript does: no event is between two cursors. */
function toCursor(row: EventRow): string {
  return Buffer.from(`${row.received_at.toISOString()} ${row.id}`).toString("base64url");
}

function parseCursor(cursor: string): { receivedAt: string; id: string } | undefined {
  const [receivedAt = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  return Number.isNaN(Date.parse(receivedAt)) || !isUuid(id) ? undefined : { receivedAt, id };
}

function toSummary(row: EventRow, projectId: string): EventSummary {
  return {
    id: row.id,
    providerEventId: row.provider_event_id,
    connectorId: row.connector_id,
    integrationId: row.project_id === projectId ? row.integration_id : undefined,
    type: row.type,
    account: row.account_id ?? undefined,
    outcome: row.outcome,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    receipts: row.receipts,
    lastReceivedAt: row.last_received_at,
  };
}
