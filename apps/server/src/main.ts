import { UsageError, usage } from "./commands/usage.ts";

const [command, ...args] = process.argv.slice(2);

try {
  await run();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(isUsageError(error) ? `${message}\n\n${usage}` : message);
  process.exitCode = isUsageError(error) ? 2 : 1;
}

function isUsageError(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  return String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}

/** Loads what the command needs and nothing else: a command over HTTP starts without the server. */
async function run(): Promise<void> {
  switch (command) {
    case "start":
      return (await import("./commands/start.ts")).start(args);
    case "token":
      return (await import("./commands/token.ts")).token(args);
    case "api-key":
      return (await import("./commands/api-key.ts")).apiKey(args);
    case "workflow":
      return (await import("./commands/workflow.ts")).workflow(args);
    case "key":
      return console.log((await import("@tenon/connections")).createKeyRingText());
    case "help":
    case "--help":
    case undefined:
      return console.log(usage);
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}
