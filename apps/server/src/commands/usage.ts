/** A command was not called as it can be; its message tells how. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const usage = `tenon <command>

  start                                     Start Tenon; outside production with Local Notion and the example
  token --user <id> [--ttl 1h]              Print a user token of the demo project
        [--project <id> --key <file>]         or of another project, signed with its private key
  api-key (--instance | --project <id>)     Make an API key and print it, once
          [--title <text>]
  key                                       Print a new key for TENON_KEYS

Environment: PORT, HOST, TENON_URL, TENON_DATA, DATABASE_URL, TENON_KEYS, TENON_DEVELOPMENT_KEYS,
TENON_TLS_CERT, TENON_TLS_KEY, LOG_LEVEL, NODE_ENV. docs/operate/configuration.md tells of each.`;
