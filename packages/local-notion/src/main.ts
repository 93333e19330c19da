import { parseArgs } from "node:util";
import { createLocalNotion, type LocalNotionOptions } from "./create-local-notion.ts";
import { loadAnswers } from "./http/server.ts";
import { developmentApp } from "./oauth/development-app.ts";

const usage = `Usage: local-notion [options]

  --port <number>       Port to listen on (4781)
  --host <address>      Address to listen on (127.0.0.1)
  --data <file>         Keep the workspace in this file (else in memory only)
  --public-url <url>    Where people reach it, for the URLs of pages
  --empty               Start a new workspace without the example pages
  --no-rate-limit       Answer any number of requests
`;

function readOptions(args: string[]): LocalNotionOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "4781" },
      host: { type: "string", default: "127.0.0.1" },
      data: { type: "string" },
      "public-url": { type: "string" },
      empty: { type: "boolean", default: false },
      "no-rate-limit": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port ${values.port} is no port.`);
  }
  return {
    port,
    host: values.host,
    seed: values.empty ? "empty" : "example",
    ...(values.data === undefined ? {} : { dataFile: values.data }),
    ...(values["public-url"] === undefined ? {} : { publicUrl: values["public-url"] }),
    ...(values["no-rate-limit"] ? { settings: { rateLimit: null } } : {}),
  };
}

/**
 * Runs the command: starts Local Notion and leaves it running until a signal ends it. Settles when
 * all of its code is loaded.
 */
export async function runCommand(args: string[]): Promise<void> {
  try {
    const options = readOptions(args);
    if (options) await start(options);
    else process.stdout.write(usage);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 1;
  }
}

async function start(options: LocalNotionOptions): Promise<void> {
  const notion = await createLocalNotion(options);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void notion.close());
  }
  process.stdout.write(
    `Local Notion is ready at ${notion.url}\n` +
      `  OAuth client id      ${developmentApp.clientId}\n` +
      `  OAuth client secret  ${developmentApp.clientSecret}\n`,
  );
  await loadAnswers();
}
