import { type Kysely, sql } from "kysely";

/**
 * Workflows, their versions, runs and step runs, app events, environment secrets, schedules and
 * workers. Every column is described in docs/operate/storage.md.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Limits of concurrent runs and days of history; empty means the defaults.
  `alter table projects add column run_policy jsonb not null default '{}'`,
  // Inputs that a connected user fills in for the whole integration.
  `alter table integrations add column user_settings jsonb not null default '[]'`,
  `create index on configurations using gin (workflow_settings jsonb_path_ops)`,
  `create unique index on configurations (connection_id, external_id)
    where external_id is not null`,
  // Those that were not given yet what follows once from a connection: few, and looked for often.
  `create index configurations_unsettled on configurations (id) where not (
    meta @> '{"areDefaultsApplied": true, "isIntegrationEnableTriggered": true}'
  )`,

  `create index on connected_users (project_id, created_at, id)`,

  // What people wrote is json, not jsonb: it keeps the order of keys, which requests then have.
  `create table workflows (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    integration_id uuid not null references integrations on delete cascade,
    title text not null,
    description text not null default '',
    draft json not null,
    draft_revision integer not null default 1,
    user_settings jsonb not null default '[]',
    info_text text,
    position integer not null default 0,
    default_enabled boolean not null default false,
    hidden boolean not null default false,
    permissions jsonb,
    deployed_version_id uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
  )`,
  `create index on workflows (project_id, integration_id)`,

  // Immutable. A version without a number is the snapshot of a draft that was tested.
  `create table workflow_versions (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    workflow_id uuid not null references workflows on delete cascade,
    number integer,
    kind text not null check (kind in ('deployed', 'saved', 'automatic', 'restored', 'test')),
    name text,
    definition json not null,
    created_at timestamptz not null default now(),
    unique (workflow_id, number)
  )`,
  `alter table workflows add foreign key (deployed_version_id) references workflow_versions`,

  `create table app_events (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    name text not null,
    schema json not null default '{}',
    sample json not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (project_id, name)
  )`,

  `create table environment_secrets (
    id uuid primary key,
    project_id uuid not null references projects on delete cascade,
    name text not null,
    sealed_value bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (project_id, name)
  )`,

  // When a scheduled workflow runs next for one configuration that has it enabled.
  `create table schedules (
    workflow_id uuid not null references workflows on delete cascade,
    configuration_id uuid not null references configurations on delete cascade,
    project_id uuid not null,
    cron text not null,
    time_zone text not null,
    next_at timestamptz not null,
    primary key (workflow_id, configuration_id)
  )`,
  `create index on schedules (next_at)`,
  `create index on schedules (configuration_id)`,

  // No foreign keys: this is the hot table, and history outlives what it tells of.
  `create table runs (
    id uuid primary key,
    project_id uuid not null,
    workflow_id uuid not null,
    version_id uuid not null,
    integration_id uuid not null,
    connection_id uuid not null,
    configuration_id uuid not null,
    user_id uuid not null,
    trigger_type text not null,
    status text not null check (
      status in ('queued', 'running', 'waiting', 'paused', 'succeeded', 'failed', 'cancelled')
    ),
    test boolean not null default false,
    only_step text,
    replay_of uuid,
    input text not null,
    context text not null,
    error text,
    worker_id uuid,
    fence integer not null default 0,
    control text check (control in ('cancel', 'pause')),
    wake_at timestamptz,
    task_count integer not null default 0,
    created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz not null default clock_timestamp()
  ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)`,
  `create index on runs (project_id, created_at, id)`,
  `create index runs_tests on runs (workflow_id, created_at) where test`,
  `create index runs_queued on runs (project_id, user_id, created_at) where status = 'queued'`,
  `create index runs_running on runs (project_id, user_id, worker_id) where status = 'running'`,
  `create index runs_waiting on runs (wake_at) where status = 'waiting'`,
  `create index runs_held on runs (project_id) where status in ('waiting', 'paused')`,
  `create index runs_finished on runs (project_id, finished_at) where finished_at is not null`,

  // The journal of the engine and the history of the customer in one: they cannot disagree.
  `create table step_runs (
    run_id uuid not null,
    step_id text not null,
    instance integer[] not null default '{}',
    place integer not null,
    type text not null,
    status text not null check (
      status in ('running', 'waiting', 'succeeded', 'failed', 'skipped')
    ),
    attempts text not null default '[]',
    progress text,
    input text,
    output text,
    error text,
    input_size integer not null default 0,
    output_size integer not null default 0,
    started_at timestamptz not null,
    finished_at timestamptz,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (run_id, step_id, instance)
  ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)`,

  // Inputs and outputs too large for a list to read past.
  `create table step_payloads (
    run_id uuid not null,
    step_id text not null,
    instance integer[] not null,
    kind text not null check (kind in ('input', 'output')),
    body text not null,
    primary key (run_id, step_id, instance, kind)
  )`,

  // How many runs a project and a user have under way, and whether the user has any in the queue.
  // Whoever asks in order to begin runs keeps others of the project waiting until it commits, and
  // as the function is volatile it sees what they committed.
  `create function tenon_run_load(
    project uuid, connected_user uuid, out project_runs bigint, out user_runs bigint, out has_queue boolean
  ) language plpgsql volatile as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended(project::text, 78));
    select count(*), count(*) filter (where user_id = connected_user)
      into project_runs, user_runs
      from runs where status = 'running' and project_id = project;
    select exists (select from runs
      where status = 'queued' and project_id = project and user_id = connected_user) into has_queue;
  end $$`,

  // A process that runs workflows. Its beat rises while it lives.
  `create table workers (
    id uuid primary key,
    beat bigint not null default 0,
    started_at timestamptz not null default now()
  )`,

  ...["workflows", "environment_secrets", "app_events"].map(
    (table) =>
      `create trigger tell_change after insert or update or delete on ${table}
       for each row execute function tenon_tell_change()`,
  ),
];
