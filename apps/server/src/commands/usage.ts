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
  workflow list                             List workflows
  workflow problems <workflow>              Tell what keeps the draft from being deployed
  workflow deploy <workflow>                Start runs with the draft from now on
          [--name <version's name>]
  workflow undeploy <workflow>              Start no more runs
  workflow export <workflow>                Print the draft as JSON
          [--format paragon] [--version <id>] [--out <file>]
  workflow import <file or ->               Make a workflow of an exported one, ours or Paragon's
          [--integration notion]
  workflow save <workflow> --file <file or ->
                                            Put a definition into its draft
  workflow enable|disable <workflow>        Have it run for a connected user, or not
          --user <id>
  workflow event <name> --user <id>         Send an app event
          [--data <JSON or @file>]
  workflow run <workflow> --user <id>       Start it as its trigger is started
          [--input <JSON or @file>] [--test] [--follow]
  workflow follow <run>                     Print a run's steps as they happen; ends as the run does
  workflow cancel|pause|resume <run>
  workflow replay <run>                     Run again with the original input
          [--from failed] [--newest] [--follow]
  workflow history                          List runs
          [--workflow <workflow>] [--user <id>] [--status <status>] [--limit <n>] [--test]

A workflow is named by its id or title. All of \`workflow\` take --json, and --url, --key and --project
to say where; else TENON_URL and TENON_API_KEY say it, else the demo project serves.

Environment: PORT, HOST, TENON_URL, TENON_DATA, DATABASE_URL, TENON_KEYS, TENON_DEVELOPMENT_KEYS,
TENON_TLS_CERT, TENON_TLS_KEY, TENON_RUNS_AT_ONCE, TENON_RUNS_PER_PROJECT, TENON_RUNS_PER_USER,
TENON_ALLOWED_PRIVATE, LOG_LEVEL, NODE_ENV; of commands that call a running Tenon TENON_API_KEY.
docs/operate/configuration.md tells of each.`;
