import type { EventOutcome, NewInboundEvent, Recorded } from "@tenon/triggers";
import type { Pool } from "pg";

interface RecordedRow {
  id: string;
  outcome: EventOutcome | null;
  connections: string[];
}

/**
 * Writes events in one statement, each with its routes: one for every connection that it concerns
 * and that somebody listens on.
 *
 * - The same event again, in this batch or of any earlier time, changes nothing but its receipts.
 * - In a repeat after a lost connection, an event that is there with this very id was written by the
 *   try before, with its routes.
 * - A route is made only for connections of the endpoint's audience, made with the same app, whose
 *   provider data has the event's account and one of its viewers.
 */
export async function recordEvents(
  pool: Pool,
  events: readonly NewInboundEvent[],
  isRepeat: boolean,
): Promise<Recorded[]> {
  const distinct = mergeRepeats(events);
  const before = isRepeat ? await readRows(pool, distinct) : [];
  const known = new Set(before.map(({ id }) => id));
  const written = await writeAgain(
    pool,
    distinct.filter(({ event }) => !known.has(event.id)),
  );
  const rows = [...before, ...written];
  const byId = new Map(rows.map((row) => [row.id, row]));
  const first = new Map(distinct.map(({ event }) => [keyOf(event), event.id]));
  return events.map((event) => {
    const row = byId.get(first.get(keyOf(event)) ?? "");
    if (row === undefined) return { kind: "gone" };
    if (row.id !== event.id || row.outcome === null) return { kind: "repeated" };
    return { kind: "recorded", outcome: row.outcome, connectionIds: row.connections };
  });
}

async function readRows(pool: Pool, distinct: readonly Distinct[]): Promise<RecordedRow[]> {
  const ids = distinct.map(({ event }) => event.id);
  return (await pool.query<RecordedRow>(readStatement, [ids])).rows;
}

async function writeRows(pool: Pool, distinct: readonly Distinct[]): Promise<RecordedRow[]> {
  const { rows } = await pool.query<RecordedRow>({
    name: "tenon-record-events",
    text: statement,
    values: [
      JSON.stringify(toRecords(distinct)),
      Buffer.concat(distinct.map(({ event }) => event.body)),
    ],
  });
  return rows;
}

/**
 * Writes the events, again where a connection was removed while that was under way. A removed
 * integration fails the batch, of which each event is then written by itself.
 */
async function writeAgain(pool: Pool, distinct: readonly Distinct[]): Promise<RecordedRow[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeRows(pool, distinct);
    } catch (error) {
      const gone = removedOf(error);
      if (gone === "integration" && distinct.length === 1) return [];
      if (gone !== "connection" || attempt === maxAttempts) throw error;
    }
  }
}

const maxAttempts = 3;

/** What PostgreSQL's foreign_key_violation says is not there any more. */
function removedOf(error: unknown): "integration" | "connection" | undefined {
  const { code, table } = error as { code?: unknown; table?: unknown };
  if (code !== "23503") return undefined;
  return table === "event_routes" ? "connection" : "integration";
}

interface Distinct {
  event: NewInboundEvent;
  receipts: number;
}

/** A statement writes a row once only. */
function mergeRepeats(events: readonly NewInboundEvent[]): Distinct[] {
  const byKey = new Map<string, Distinct>();
  for (const event of events) {
    const known = byKey.get(keyOf(event));
    if (known) known.receipts += 1;
    else byKey.set(keyOf(event), { event, receipts: 1 });
  }
  return [...byKey.values()];
}

function keyOf({ integrationId, providerEventId }: NewInboundEvent): string {
  return `${integrationId} ${providerEventId}`;
}

function toRecords(distinct: readonly Distinct[]): object[] {
  let start = 1;
  return distinct.map(({ event, receipts }) => {
    const { routing, told } = event;
    const { audience } = routing;
    const size = event.body.length;
    const record = {
      id: event.id,
      integration_id: event.integrationId,
      project_id: event.projectId,
      provider_event_id: event.providerEventId,
      type: event.type,
      account_id: event.account,
      occurred_at: event.occurredAt,
      receipts,
      start,
      size,
      object_kind: told?.object,
      object_id: told?.id,
      changes: told?.changes,
      details: JSON.stringify(told?.details ?? {}),
      authors: event.authors,
      connector_id: routing.connectorId,
      client_id: routing.clientId,
      // Without an account it concerns no connection: null contains nothing.
      account: event.account === undefined ? null : { [routing.accountKey]: event.account },
      viewers: event.viewers,
      viewer_keys: routing.viewerKeys,
      audience: audience.kind === "integrations" ? audience.ids : undefined,
    };
    start += size;
    return record;
  });
}

/**
 * Connections are looked up per event through the index on their provider data; `offset 0` keeps
 * the planner from reading all of them instead. Rows are locked in an order that all processes
 * share.
 */
const statement = `
  with placed as materialized (
    select asked.*, reach.count, coalesce(reach.heard, '{}') as heard, reach.projects
    from json_to_recordset($1::json) as asked (
      id uuid, integration_id uuid, project_id uuid, provider_event_id text, type text,
      account_id text, occurred_at timestamptz, receipts integer, start integer, size integer,
      object_kind text, object_id text, changes text[], details text, authors text[], connector_id text,
      client_id text, account jsonb, viewers jsonb, viewer_keys text[], audience uuid[]
    )
    cross join lateral (
      select count(*) as count, array_agg(connection.id) filter (where is_heard) as heard,
        array_agg(connection.project_id) filter (where is_heard) as projects
      from (
        select connection.* from connections as connection
        where connection.provider_data @> asked.account and asked.object_kind is not null
        offset 0
      ) as connection
      cross join lateral (
        select exists (
          select from listeners
          where listeners.connection_id = connection.id
            and (listeners.paused_at is null or listeners.catches_up)
        ) as is_heard
        offset 0
      ) as hearing
      where connection.connector_id = asked.connector_id
        and connection.client_id = asked.client_id
        and (
          connection.integration_id = any (asked.audience)
          or asked.audience is null and exists (
            select from integrations
            where integrations.id = connection.integration_id and integrations.client_id is null
          )
        )
        and (
          asked.viewers is null
          or exists (
            select from unnest(asked.viewer_keys) as name
            where asked.viewers ? (connection.provider_data ->> name)
          )
        )
    ) as reach
  ),
  recorded as (
    insert into webhook_events as event (
      id, integration_id, project_id, provider_event_id, type, account_id, occurred_at, receipts,
      outcome, body
    )
    select id, integration_id, project_id, provider_event_id, type, account_id, occurred_at,
      receipts,
      case
        when object_kind is null then 'unwatched'
        when cardinality(heard) > 0 then 'routed'
        when count > 0 then 'no_listener'
        else 'no_connection'
      end,
      substring($2::bytea from start for size)
    from placed
    order by integration_id, provider_event_id
    on conflict (integration_id, provider_event_id) do update
      set receipts = event.receipts + excluded.receipts, last_received_at = clock_timestamp()
      where event.id <> excluded.id
    returning event.id, event.outcome
  ),
  routed as (
    insert into event_routes (
      event_id, connection_id, project_id, object_kind, object_id, changes, details, authors,
      occurred_at
    )
    select placed.id, route.connection_id, route.project_id, object_kind, object_id, changes,
      details, authors, occurred_at
    from recorded
    join placed on placed.id = recorded.id
    cross join lateral unnest(placed.heard, placed.projects) as route (connection_id, project_id)
    returning connection_id
  ),
  received as (
    select watches.connection_id, routes.count from watches
    join (select connection_id, count(*) as count from routed group by 1) as routes
      on routes.connection_id = watches.connection_id
    order by watches.connection_id
    for update of watches
  ),
  counted as (
    update watches
    set last_webhook_at = clock_timestamp(), received_count = received_count + received.count
    from received where watches.connection_id = received.connection_id
  ),
  noticed as (
    update webhook_endpoints set last_event_at = clock_timestamp()
    where integration_id in (select integration_id from placed)
      and (last_event_at is null or last_event_at < clock_timestamp() - interval '1 second')
  )
  select placed.id, recorded.outcome, heard as connections
  from placed left join recorded on recorded.id = placed.id`;

const readStatement = `
  select id, outcome,
    array(select connection_id from event_routes where event_id = event.id) as connections
  from webhook_events as event where id = any ($1::uuid[])`;
