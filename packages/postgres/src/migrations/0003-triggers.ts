import { type Kysely, sql } from "kysely";

/**
 * Webhooks from providers, what is watched, what changed, and subscriptions that are told of it.
 * Every column is described in docs/operate/storage.md.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // How a provider's webhooks for an integration are checked. Without a token none is accepted.
  `create table webhook_endpoints (
    integration_id uuid primary key references integrations on delete cascade,
    project_id uuid not null references projects on delete cascade,
    sealed_token bytea,
    for_app boolean not null default false,
    activated_at timestamptz,
    last_event_at timestamptz,
    last_refused_at timestamptz,
    last_refusal text,
    refused_count bigint not null default 0
  )`,

  // Tokens that a provider, or anybody who knows the address, sent to begin a subscription.
  `create table webhook_handshakes (
    id uuid primary key,
    integration_id uuid not null references integrations on delete cascade,
    project_id uuid not null references projects on delete cascade,
    sealed_token bytea not null,
    token_hash bytea not null,
    received_at timestamptz not null default now(),
    unique (integration_id, token_hash)
  )`,

  // Committed before the provider is answered. The body is kept as it came.
  `create table webhook_events (
    id uuid primary key,
    integration_id uuid not null references integrations on delete cascade,
    project_id uuid not null references projects on delete cascade,
    provider_event_id text not null,
    type text not null,
    account_id text,
    occurred_at timestamptz not null,
    received_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    receipts integer not null default 1,
    last_received_at timestamptz not null default clock_timestamp(),
    outcome text not null check (outcome in ('routed', 'unwatched', 'no_listener', 'no_connection')),
    body bytea not null,
    unique (integration_id, provider_event_id)
  )`,
  `create index on webhook_events (project_id, received_at, id)`,
  `create index on webhook_events (received_at)`,

  // Which connections are of the account that an event names. What waits to be put into such an
  // index is read by every search: nothing may wait.
  `create index on connections using gin (provider_data jsonb_path_ops) with (fastupdate = off)`,

  // What an event means for one connection: work to be done, and how it ended.
  `create table event_routes (
    event_id uuid not null references webhook_events on delete cascade,
    connection_id uuid not null references connections on delete cascade,
    project_id uuid not null,
    object_kind text not null,
    object_id text not null,
    changes text[] not null,
    details text not null default '{}',
    authors text[] not null,
    occurred_at timestamptz not null,
    created_at timestamptz not null default clock_timestamp(),
    due_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    outcome text check (
      outcome in ('changed', 'deduplicated', 'not_accessible', 'failed')
    ),
    failure text,
    change_id uuid,
    finished_at timestamptz,
    primary key (event_id, connection_id)
  )`,
  `create index event_routes_pending on event_routes (connection_id, due_at) where outcome is null`,
  `create index on event_routes (connection_id)`,
  `create index event_routes_due on event_routes (due_at) where outcome is null`,

  // One row per connection that something listens on. A holder works on it alone, until its lease
  // ends; the fence refuses what a former holder still writes.
  `create table watches (
    connection_id uuid primary key references connections on delete cascade,
    project_id uuid not null references projects on delete cascade,
    connector_id text not null,
    since timestamptz not null,
    watermark timestamptz not null,
    next_poll_at timestamptz not null default now(),
    polled_at timestamptz,
    swept_at timestamptz,
    poll_failure text,
    poll_failure_count integer not null default 0,
    last_webhook_at timestamptz,
    last_change_at timestamptz,
    missed_at timestamptz,
    received_count bigint not null default 0,
    deduplicated_count bigint not null default 0,
    lease_holder uuid,
    lease_until timestamptz,
    fence bigint not null default 0,
    created_at timestamptz not null default now()
  ) with (fillfactor = 70)`,
  `create index on watches (next_poll_at)`,

  // The ledger: how each object was when its last change was told.
  `create table watched_objects (
    connection_id uuid not null references connections on delete cascade,
    kind text not null,
    object_id text not null,
    state jsonb not null,
    changed_at timestamptz not null,
    observed_at timestamptz not null,
    settle_at timestamptz,
    is_fresh boolean not null default false,
    primary key (connection_id, kind, object_id)
  )`,
  `create index watched_objects_unsettled on watched_objects (connection_id, settle_at)
    where settle_at is not null`,
  `create index on watched_objects (observed_at)`,

  // Who waits for a trigger on a connection: a workflow enabled for a configuration, or a
  // subscription.
  `create table listeners (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    connection_id uuid not null references connections on delete cascade,
    trigger_id text not null,
    workflow_id uuid references workflows on delete cascade,
    configuration_id uuid references configurations on delete cascade,
    subscription_id uuid,
    since timestamptz not null default clock_timestamp(),
    catches_up boolean not null default false,
    paused_at timestamptz,
    behind_since timestamptz,
    check ((workflow_id is null) = (configuration_id is null)),
    check ((workflow_id is null) <> (subscription_id is null))
  )`,
  `create unique index on listeners (configuration_id, workflow_id)`,
  `create unique index on listeners (subscription_id)`,
  `create index on listeners (connection_id)`,
  `create index on listeners (workflow_id)`,
  `create index listeners_behind on listeners (connection_id) where behind_since is not null`,

  `create table changes (
    id uuid primary key,
    project_id uuid not null,
    connection_id uuid not null references connections on delete cascade,
    object_kind text not null,
    object_id text not null,
    changes text[] not null,
    details text not null,
    authors text[] not null,
    is_own boolean not null,
    cause text not null check (cause in ('webhook', 'poll')),
    occurred_at timestamptz not null,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    result text not null
  )`,
  `create index on changes (connection_id, created_at, id)`,
  `create index on changes (created_at)`,

  // What a change started.
  `create table change_starts (
    change_id uuid not null references changes on delete cascade,
    listener_id uuid not null,
    run_id uuid,
    delivery_id uuid,
    primary key (change_id, listener_id)
  )`,

  // A customer's own webhook for a trigger on one connection.
  `create table subscriptions (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    integration_id uuid not null references integrations on delete cascade,
    user_id uuid not null references connected_users on delete cascade,
    connection_id uuid not null references connections on delete cascade,
    trigger_id text not null,
    input json not null default '{}',
    condition json,
    ignores_own boolean not null default false,
    url text not null,
    sealed_headers bytea,
    metadata json not null default '{}',
    sealed_secret bytea not null,
    status text not null default 'active' check (status in ('active', 'disabled')),
    disabled_reason text,
    disabled_at timestamptz,
    failing_since timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create index on subscriptions (project_id, created_at, id)`,
  `create index on subscriptions (connection_id)`,

  `alter table listeners add foreign key (subscription_id) references subscriptions on delete cascade`,

  `create table deliveries (
    id uuid primary key,
    project_id uuid not null,
    subscription_id uuid not null references subscriptions on delete cascade,
    change_id uuid not null,
    is_test boolean not null default false,
    body text not null,
    status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
    attempts json not null default '[]',
    attempt_count integer not null default 0,
    next_attempt_at timestamptz default clock_timestamp(),
    holder uuid,
    held_until timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz
  )`,
  `create index deliveries_due on deliveries (subscription_id, next_attempt_at)
    where status = 'pending'`,
  `create index on deliveries (subscription_id, created_at, id)`,
  `create index on deliveries (created_at)`,

  `create trigger tell_change after insert or update or delete on subscriptions
    for each row execute function tenon_tell_change()`,
];
