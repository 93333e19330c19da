import { createKeyRingText } from "@tenon/connections";
import { apiKey } from "./commands/api-key.ts";
import { start } from "./commands/start.ts";
import { token } from "./commands/token.ts";
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

async function run(): Promise<void> {
  switch (command) {
    case "start":
      return start(args);
    case "token":
      return token(args);
    case "api-key":
      return apiKey(args);
    case "key":
      return console.log(createKeyRingText());
    case "help":
    case "--help":
    case undefined:
      return console.log(usage);
    default:
      throw new UsageError(`There is no command "${command}".`);
  }
}
