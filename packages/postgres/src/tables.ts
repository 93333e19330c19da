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
}
