import { createKeyRingText } from "@tenon/connections";
import { apiKey } from "./commands/api-key.ts";
import { start } from "./commands/start.ts";
import { token } from "./commands/token.ts";
import { UsageError, usage } from "./commands/usage.ts";

const [command, ...args] = process.argv.slice(2);

try {
  await run();
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  console.error(
    error instanceof Error && !isUsage ? error.message : `${(error as Error).message}\n\n${usage}`,
  );
  process.exitCode = isUsage ? 2 : 1;
}

async function run(): Promise<void> {
  switch (command) {
    case "start":
      return start();
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
