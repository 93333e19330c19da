import type { RunStatus, StepRunStatus } from "@tenon/runtime";
import type { ColumnType, Generated, JSONColumnType } from "kysely";

type Json<T extends object> = JSONColumnType<T, T | string | undefined, T | string>;
type Created = ColumnType<Date, Date | undefined, never>;

/** Every table's columns. Meaning, secrecy and retention: docs/operate/storage.md. */
export interface Database {
  projects: {
    id: string;
    title: string;
    allowed_origins: Generated<string[]>;
    sealed_data_key: Buffer;
    run_policy: Json<Record<string, unknown>>;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  signing_keys: {
    id: string;
    project_id: string;
    title: string;
    public_key: string;
    created_at: Created;
    revoked_at: Date | null;
  };
  api_keys: {
    id: string;
    project_id: string | null;
    title: string;
    key_hash: Buffer;
    key_end: string;
    created_at: Created;
    revoked_at: Date | null;
  };
  integrations: {
    id: string;
    project_id: string;
    connector_id: string;
    is_active: Generated<boolean>;
    client_id: string | null;
    sealed_client_secret: Buffer | null;
    portal: Json<Record<string, unknown>>;
    user_settings: Json<object[]>;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  connected_users: {
    id: string;
    project_id: string;
    external_id: string;
    meta: Json<Record<string, unknown>>;
    created_at: Created;
    updated_at: Generated<Date>;
    last_active_at: Generated<Date>;
  };
  connections: {
    id: string;
    project_id: string;
    integration_id: string;
    connector_id: string;
    user_id: string;
    external_id: string | null;
    status: "VALID" | "INVALID";
    invalid_reason: string | null;
    account_id: string;
    provider_data: Json<Record<string, string | number | boolean>>;
    client_id: string;
    base_url: string;
    sealed_tokens: Buffer;
    token_version: Generated<number>;
    expires_at: Date | null;
    refreshed_at: Generated<Date>;
    refresh_failure_count: Generated<number>;
    refresh_after: Date | null;
    lease_holder: string | null;
    lease_until: Date | null;
    fence: Generated<string>;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  configurations: {
    id: string;
    project_id: string;
    connection_id: string;
    external_id: string | null;
    is_default: Generated<boolean>;
    workflow_settings: Json<Record<string, unknown>>;
    shared_settings: Json<Record<string, unknown>>;
    meta: Json<Record<string, unknown>>;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  token_exchanges: {
    id: string;
    connection_id: string;
    token_version: number;
    fence: string;
    started_at: Generated<Date>;
    finished_at: Date | null;
    outcome: "stored" | "refused" | "failed" | "unknown" | null;
  };
  authorizations: {
    id: string;
    state_hash: Buffer;
    project_id: string;
    integration_id: string;
    user_id: string;
    session_key: string | null;
    client_id: string;
    base_url: string;
    redirect_uri: string | null;
    opener_origin: string | null;
    install_options: Json<Record<string, unknown>>;
    status: Generated<"pending" | "exchanging" | "connected" | "denied" | "failed">;
    connection_id: string | null;
    failure: Json<{ code: string; message: string }> | null;
    created_at: Created;
    expires_at: Date;
    exchange_started_at: Date | null;
  };
  rate_windows: {
    connection_id: string;
    window_end: Date;
    used: number;
    /** The share that the last lease was limited to, and what it was granted. */
    ceiling: number;
    granted: number;
    blocked_until: Date | null;
  };
  workflows: {
    id: string;
    project_id: string;
    integration_id: string;
    title: string;
    description: Generated<string>;
    draft: Json<object>;
    draft_revision: Generated<number>;
    user_settings: Json<object[]>;
    info_text: string | null;
    position: Generated<number>;
    default_enabled: Generated<boolean>;
    hidden: Generated<boolean>;
    permissions: Json<object> | null;
    deployed_version_id: string | null;
    created_at: Created;
    updated_at: Generated<Date>;
    deleted_at: Date | null;
  };
  workflow_versions: {
    id: string;
    project_id: string;
    workflow_id: string;
    number: number | null;
    kind: "deployed" | "saved" | "automatic" | "restored" | "test";
    name: string | null;
    definition: Json<object>;
    created_at: Created;
  };
  app_events: {
    id: string;
    project_id: string;
    name: string;
    schema: Json<object>;
    sample: Json<object>;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  environment_secrets: {
    id: string;
    project_id: string;
    name: string;
    sealed_value: Buffer;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  schedules: {
    workflow_id: string;
    configuration_id: string;
    project_id: string;
    cron: string;
    time_zone: string;
    next_at: Date;
  };
  runs: {
    id: string;
    project_id: string;
    workflow_id: string;
    version_id: string;
    integration_id: string;
    connection_id: string;
    configuration_id: string;
    user_id: string;
    trigger_type: string;
    status: RunStatus;
    test: Generated<boolean>;
    only_step: string | null;
    replay_of: string | null;
    /** JSON texts, as in all that follows without a type of its own: never read by SQL. */
    input: string;
    context: string;
    error: string | null;
    worker_id: string | null;
    fence: Generated<number>;
    control: "cancel" | "pause" | null;
    wake_at: Date | null;
    task_count: Generated<number>;
    created_at: Created;
    started_at: Date | null;
    finished_at: Date | null;
    updated_at: Generated<Date>;
  };
  step_runs: {
    run_id: string;
    step_id: string;
    instance: Generated<number[]>;
    place: number;
    type: string;
    status: StepRunStatus;
    attempts: Generated<string>;
    progress: string | null;
    input: string | null;
    output: string | null;
    error: string | null;
    input_size: Generated<number>;
    output_size: Generated<number>;
    started_at: Date;
    finished_at: Date | null;
    updated_at: Generated<Date>;
  };
  step_payloads: {
    run_id: string;
    step_id: string;
    instance: number[];
    kind: "input" | "output";
    body: string;
  };
  workers: {
    id: string;
    beat: Generated<string>;
    started_at: Generated<Date>;
  };
  webhook_endpoints: {
    integration_id: string;
    project_id: string;
    sealed_token: Buffer | null;
    for_app: Generated<boolean>;
    activated_at: Date | null;
    last_event_at: Date | null;
    last_refused_at: Date | null;
    last_refusal: string | null;
    refused_count: Generated<string>;
  };
  webhook_handshakes: {
    id: string;
    integration_id: string;
    project_id: string;
    sealed_token: Buffer;
    token_hash: Buffer;
    received_at: Generated<Date>;
  };
  webhook_events: {
    id: string;
    integration_id: string;
    project_id: string;
    provider_event_id: string;
    type: string;
    account_id: string | null;
    occurred_at: Date;
    received_at: Generated<Date>;
    receipts: Generated<number>;
    last_received_at: Generated<Date>;
    outcome: "routed" | "unwatched" | "no_listener" | "no_connection";
    body: Buffer;
  };
  event_routes: {
    event_id: string;
    connection_id: string;
    project_id: string;
    object_kind: string;
    object_id: string;
    changes: string[];
    /** A JSON text. */
    details: Generated<string>;
    authors: string[];
    occurred_at: Date;
    created_at: Generated<Date>;
    due_at: Generated<Date>;
    attempts: Generated<number>;
    outcome: "changed" | "deduplicated" | "not_accessible" | "failed" | null;
    failure: string | null;
    change_id: string | null;
    finished_at: Date | null;
  };
  watches: {
    connection_id: string;
    project_id: string;
    connector_id: string;
    since: Date;
    watermark: Date;
    next_poll_at: Generated<Date>;
    polled_at: Date | null;
    swept_at: Date | null;
    poll_failure: string | null;
    poll_failure_count: Generated<number>;
    last_webhook_at: Date | null;
    last_change_at: Date | null;
    missed_at: Date | null;
    received_count: Generated<string>;
    deduplicated_count: Generated<string>;
    lease_holder: string | null;
    lease_until: Date | null;
    fence: Generated<string>;
    created_at: Created;
  };
  watched_objects: {
    connection_id: string;
    kind: string;
    object_id: string;
    state: Json<Record<string, string>>;
    changed_at: Date;
    observed_at: Date;
    settle_at: Date | null;
    is_fresh: Generated<boolean>;
  };
  listeners: {
    id: string;
    project_id: string;
    connection_id: string;
    trigger_id: string;
    workflow_id: string | null;
    configuration_id: string | null;
    subscription_id: string | null;
    since: Generated<Date>;
    catches_up: Generated<boolean>;
    paused_at: Date | null;
    behind_since: Date | null;
  };
  changes: {
    id: string;
    project_id: string;
    connection_id: string;
    object_kind: string;
    object_id: string;
    changes: string[];
    /** JSON texts, as is `result`: never read by SQL. */
    details: string;
    authors: string[];
    is_own: boolean;
    cause: "webhook" | "poll";
    occurred_at: Date;
    created_at: Generated<Date>;
    result: string;
  };
  change_starts: {
    change_id: string;
    listener_id: string;
    run_id: string | null;
    delivery_id: string | null;
  };
  subscriptions: {
    id: string;
    project_id: string;
    integration_id: string;
    user_id: string;
    connection_id: string;
    trigger_id: string;
    input: Json<Record<string, unknown>>;
    condition: Json<object> | null;
    ignores_own: Generated<boolean>;
    url: string;
    sealed_headers: Buffer | null;
    metadata: Json<Record<string, unknown>>;
    sealed_secret: Buffer;
    status: Generated<"active" | "disabled">;
    disabled_reason: string | null;
    disabled_at: Date | null;
    failing_since: Date | null;
    created_at: Created;
    updated_at: Generated<Date>;
  };
  deliveries: {
    id: string;
    project_id: string;
    subscription_id: string;
    change_id: string;
    is_test: Generated<boolean>;
    body: string;
    status: Generated<"pending" | "delivered" | "failed">;
    attempts: Json<object[]>;
    attempt_count: Generated<number>;
    next_attempt_at: Date | null;
    holder: string | null;
    held_until: Date | null;
    created_at: Generated<Date>;
    finished_at: Date | null;
  };
}
