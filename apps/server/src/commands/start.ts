import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createExample } from "@tenon/example";
import { createLocalNotion, developmentApp, type LocalNotion } from "local-notion";
import { type Logger, pino } from "pino";
import { type Config, type DevelopmentKeys, readConfig } from "../config.ts";
import type { Demo } from "../demo-file.ts";
import { ensureDemo } from "../demo-project.ts";
import { subscribeDemoWebhook } from "../demo-webhook.ts";
import { buildFrontEnds } from "../front-ends.ts";
import { startTenon } from "../start-tenon.ts";

/** What was started, in the order it is to be stopped. */
type Running = { stop(): Promise<void> }[];

/** `tenon start`: everything, until a signal ends it. */
export async function start(args: string[]): Promise<void> {
  parseArgs({ args, options: {} });
  outliveReaders();
  const config = readConfig();
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const running: Running = [];
  const stop = stopOnSignals(running);
  if (config.startedByNpm) stopWithParent(stop);
  try {
    await buildFrontEnds(say);
    if (config.production) await startAlone(config, log, running);
    else await startWithDemo(config, log, running);
  } catch (error) {
    log.debug({ err: error }, "Starting failed");
    console.error(toWords(error));
    await stop(1);
  }
}

async function startAlone(config: Config, log: Logger, running: Running): Promise<void> {
  const { developmentKeys } = config;
  running.unshift(await startTenon({ config, developmentKeys, log, onProgress: say }));
  tellReady({ Tenon: config.url });
}

/** With Local Notion, the demo project and the example, so that all of it can be tried at once. */
async function startWithDemo(config: Config, log: Logger, running: Running): Promise<void> {
  const localNotion = await createLocalNotion({
    port: config.port + 1,
    dataFile: join(config.dataDir, "local-notion.jsonl"),
  });
  running.unshift({ stop: () => localNotion.close() });
  const tenon = await startTenon({
    config,
    developmentKeys: { ...localKeys(localNotion), ...config.developmentKeys },
    log,
    onProgress: say,
  });
  running.unshift(tenon);
  const addresses = {
    url: config.url,
    localNotionUrl: localNotion.url,
    exampleUrl: `http://localhost:${config.port + 2}`,
  };
  const demo = await ensureDemo(config.dataDir, addresses, tenon.services);
  if (demo) {
    running.unshift(await startExample(config, demo));
    if (config.developmentKeys["notion"] === undefined) {
      const { projectId, localNotionUrl } = demo;
      const { port, services } = tenon;
      await subscribeDemoWebhook({ config, port, projectId, localNotionUrl, services }).catch(
        (err: unknown) => log.warn({ err }, "Local Notion sends no webhooks; it is polled"),
      );
    }
  }
  tellReady({
    Tenon: config.url,
    "Local Notion": localNotion.url,
    ...(demo && { Example: `${demo.exampleUrl}  ← open this one` }),
  });
}

/** Local Notion's own app, so that connecting works with no account and no internet. */
function localKeys(localNotion: LocalNotion): DevelopmentKeys {
  return { notion: { ...developmentApp, baseUrl: localNotion.url } };
}

async function startExample(config: Config, demo: Demo): Promise<Running[number]> {
  const server = createExample({
    projectId: demo.projectId,
    signingKey: await readFile(demo.signingKeyFile, "utf8"),
    tenonUrl: demo.url,
  });
  server.listen(config.port + 2, config.host);
  await once(server, "listening");
  return {
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Stops everything once; a second signal does not wait for it. */
function stopOnSignals(running: Running): (code: number) => Promise<void> {
  let stopping: Promise<void> | undefined;
  async function stopAll(code: number): Promise<void> {
    for (const one of running) {
      await one.stop().catch((error: unknown) => console.error("Stopping:", error));
    }
    process.exit(code);
  }
  const stop = (code: number) => (stopping ??= stopAll(code));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      say("Stopping …");
      void stop(0);
    });
  }
  return stop;
}

function tellReady(addresses: Record<string, string>): void {
  const lines = Object.entries(addresses).map(([name, url]) => `  ${name.padEnd(13)} ${url}`);
  console.log(["", ...lines, "", "Tenon is ready"].join("\n"));
}

/**
 * npm runs scripts in a shell that does not pass signals on: without this, ending npm would leave
 * Tenon behind, holding its ports.
 */
function stopWithParent(stop: (code: number) => Promise<void>): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    void stop(0);
  }, 250);
  watch.unref();
}

/**
 * Who read the output may go, as in `tenon start | head`: what is said then is lost, and nothing
 * else is. Any other fault of the streams ends the process as it would without this.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    });
  }
}

function toWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== "EADDRINUSE") return error.message;
  return (
    `Port ${port} is in use. Is Tenon running already? Else choose another with PORT: ` +
    "outside production it takes that port and the next two."
  );
}

function say(message: string): void {
  console.log(message);
}
