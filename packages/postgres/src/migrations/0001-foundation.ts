import { type Kysely, sql } from "kysely";

/**
 * Projects, their keys and integrations, connected users, connections, and what the OAuth flow,
 * token refresh and rate limiter need. Every column is described in docs/operate/storage.md.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table projects (
    id uuid primary key,
    title text not null,
    allowed_origins text[] not null default '{}',
    sealed_data_key bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,

  `create table signing_keys (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    title text not null,
    public_key text not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
  )`,
  `create index on signing_keys (project_id)`,

  `create table api_keys (
    id uuid primary key,
    project_id uuid references projects on delete cascade,
    title text not null,
    key_hash bytea not null unique,
    key_end text not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz
  )`,

  `create table integrations (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    connector_id text not null,
    is_active boolean not null default true,
    client_id text,
    sealed_client_secret bytea,
    portal jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (project_id, connector_id)
  )`,

  `create table connected_users (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    external_id text not null,
    meta jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_active_at timestamptz not null default now(),
    unique (project_id, external_id)
  )`,

  `create table connections (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    integration_id uuid not null references integrations on delete cascade,
    connector_id text not null,
    user_id uuid not null references connected_users on delete cascade,
    external_id text,
    status text not null check (status in ('VALID', 'INVALID')),
    invalid_reason text,
    account_id text not null,
    provider_data jsonb not null default '{}',
    client_id text not null,
    base_url text not null,
    sealed_tokens bytea not null,
    token_version integer not null default 1,
    expires_at timestamptz,
    refreshed_at timestamptz not null default now(),
    refresh_failure_count integer not null default 0,
    refresh_after timestamptz,
    lease_holder uuid,
    lease_until timestamptz,
    fence bigint not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index on connections (user_id, integration_id, account_id)`,
  `create index on connections (project_id, created_at)`,
  `create unique index on connections (user_id, integration_id, external_id) where external_id is not null`,

  `create table configurations (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    connection_id uuid not null references connections on delete cascade,
    external_id text,
    is_default boolean not null default false,
    workflow_settings jsonb not null default '{}',
    shared_settings jsonb not null default '{}',
    meta jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create index on configurations (connection_id)`,
  `create unique index on configurations (connection_id) where is_default`,

  // One row per token exchange that was about to be sent. A row without an outcome whose process
  // is gone, or with the outcome 'unknown', means: the provider may have rotated the tokens and we
  // do not know the new ones.
  `create table token_exchanges (
    id uuid primary key,
    connection_id uuid not null references connections on delete cascade,
    token_version integer not null,
    fence bigint not null,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    outcome text check (outcome in ('stored', 'refused', 'failed', 'unknown'))
  )`,
  `create index on token_exchanges (connection_id, token_version)`,

  // One row per sign-in that a user started; the state itself is kept as a hash only.
  `create table authorizations (
    id uuid primary key,
    state_hash bytea not null unique,
    project_id uuid not null references projects on delete cascade,
    integration_id uuid not null references integrations on delete cascade,
    user_id uuid not null references connected_users on delete cascade,
    session_key text,
    client_id text not null,
    base_url text not null,
    redirect_uri text,
    opener_origin text,
    install_options jsonb not null default '{}',
    status text not null default 'pending'
      check (status in ('pending', 'exchanging', 'connected', 'denied', 'failed')),
    connection_id uuid references connections on delete set null,
    failure jsonb,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    exchange_started_at timestamptz
  )`,
  `create unique index on authorizations (user_id, session_key) where session_key is not null`,
  `create index on authorizations (user_id, integration_id, created_at)`,
  `create index on authorizations (expires_at)`,

  // The provider's budget for one connection in one window, shared by all processes. Nothing refers
  // to it and nothing is lost with it: unlogged, without a foreign key, purged when idle.
  `create unlogged table rate_windows (
    connection_id uuid primary key,
    window_end timestamptz not null,
    used integer not null,
    ceiling integer not null,
    granted integer not null,
    blocked_until timestamptz
  ) with (fillfactor = 50)`,

  // Every change of what processes hold in memory is told on one channel: table:project:row.
  `create function tenon_tell_change() returns trigger language plpgsql as $$
  declare
    changed record;
    project uuid;
  begin
    if tg_op = 'DELETE' then changed := old; else changed := new; end if;
    if tg_table_name = 'projects' then project := changed.id; else project := changed.project_id; end if;
    perform pg_notify('tenon_changes', concat_ws(':', tg_table_name, project, changed.id));
    return null;
  end $$`,
  ...[
    "projects",
    "signing_keys",
    "api_keys",
    "integrations",
    "connected_users",
    "connections",
    "configurations",
    "authorizations",
  ].map(
    (table) =>
      `create trigger tell_change after insert or update or delete on ${table}
       for each row execute function tenon_tell_change()`,
  ),
];
