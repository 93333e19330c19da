import { pino } from "pino";
import { notion } from "@tenon/notion";
import { readConfig } from "../apps/server/src/config.ts";
import { startTenon } from "../apps/server/src/start-tenon.ts";

/** A Tenon in a process of its own, to be killed. What a minute may ask for is not the subject. */
notion.api.rateLimit = { requests: 1_000_000, windowMs: 60_000 };

const config = readConfig();
await startTenon({
  config,
  developmentKeys: config.developmentKeys,
  log: pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true })),
  onProgress: () => undefined,
});
console.log("Tenon is ready");
