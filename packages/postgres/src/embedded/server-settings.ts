import type { ServerAddress } from "./owner-lock.ts";

/**
 * What the server is started with. `fsync` and `synchronous_commit` are named so that a
 * configuration file cannot turn them off: what we acknowledge must survive a power cut.
 */
export function serverSettings(address: ServerAddress, major: number): Record<string, string> {
  return {
    ...listening(address),
    port: String(address.port),
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    max_connections: "100",
    shared_buffers: "32MB",
    max_wal_size: "512MB",
    jit: "off",
    // Each of these is a process that a server of this size can do without.
    max_logical_replication_workers: "0",
    ...(major >= 18 && { io_method: "sync" }),
    timezone: "UTC",
    lc_messages: "C",
    log_checkpoints: "off",
    // Details of errors and failed statements can hold customers' data.
    log_error_verbosity: "terse",
    log_min_error_statement: "panic",
    logging_collector: "off",
    log_destination: "stderr",
    cluster_name: "tenon",
  };
}

function listening(address: ServerAddress): Record<string, string> {
  if (process.platform === "win32") {
    return { listen_addresses: address.host, unix_socket_directories: "" };
  }
  // A list: quoted, because a path may hold commas and spaces.
  const folder = `"${address.host.replaceAll('"', '""')}"`;
  return { listen_addresses: "", unix_socket_directories: folder, unix_socket_permissions: "0700" };
}
