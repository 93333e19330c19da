import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { expireUploads } from "./api/expire-uploads.ts";
import { Changes } from "./control/changes.ts";
import { RequestLog } from "./control/request-log.ts";
import { Snapshots } from "./control/snapshots.ts";
import { Faults } from "./faults/faults.ts";
import { createFileLinks } from "./files/file-links.ts";
import { createFileStore } from "./files/file-store.ts";
import { importExternalUploads } from "./files/import-external.ts";
import { createHttpServer } from "./http/server.ts";
import type { Instance } from "./instance.ts";
import { RateLimiter } from "./limits/rate-limiter.ts";
import { Schedule } from "./schedule.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { seedEmptyWorkspace, seedWorkspace } from "./store/seed.ts";
import { Webhooks } from "./webhooks/webhooks.ts";
import { Store } from "./store/store.ts";

/** How Local Notion starts; every part has a default. */
export interface LocalNotionOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** The address to listen on; 127.0.0.1 by default. */
  host?: string;
  /** The file the workspace is kept in; in memory only without one. */
  dataFile?: string;
  /** Where people reach it, for the URLs of pages; the address it listens on by default. */
  publicUrl?: string;
  /** What a new workspace holds: example pages (the default) or nothing. */
  seed?: "example" | "empty";
  /** Settings that differ from the defaults; `/_local/settings` changes them later. */
  settings?: Partial<Settings>;
}

/** A running Local Notion. */
export interface LocalNotion {
  url: string;
  close(): Promise<void>;
}

/**
 * Starts a Notion on this machine.
 *
 * @example
 * const notion = await createLocalNotion();
 * const client = new Client({ auth: token, baseUrl: notion.url });
 * await notion.close();
 */
export async function createLocalNotion(options: LocalNotionOptions = {}): Promise<LocalNotion> {
  const instance = createInstance(options);
  const server = createHttpServer(instance);
  try {
    await listen(server, options.port ?? 0, options.host ?? "127.0.0.1");
  } catch (error) {
    instance.store.close();
    throw error;
  }
  const url = addressOf(server);
  instance.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, "");
  return { url, close: () => close(server, instance) };
}

/** The state and parts of a Local Notion that nothing listens for yet. */
export function createInstance(options: LocalNotionOptions): Instance {
  const settings: Settings = { ...defaultSettings, ...options.settings };
  const clock = { now: () => Date.now() + settings.clockOffsetMs };
  const store = new Store(options.dataFile);
  const schedule = new Schedule(clock);
  const changes = new Changes();
  const instance: Instance = {
    store,
    clock,
    settings,
    schedule,
    changes,
    limiter: new RateLimiter(settings, clock),
    faults: new Faults(),
    requests: new RequestLog(),
    files: createFileStore(options.dataFile && `${options.dataFile}.files`),
    fileLinks: createFileLinks(randomBytes(32), clock),
    sessionToken: `ntn_session_${randomBytes(24).toString("hex")}`,
    initialSettings: options.settings ?? {},
    publicUrl: "",
    webhooks: new Webhooks(store, { settings, clock, schedule, changes }),
    snapshots: new Snapshots(),
  };
  const { webhooks } = instance;
  changes.listen({
    changed: (changed) => webhooks.take(changed),
    startedOver: () => webhooks.forget(),
  });
  expireUploads(instance);
  importExternalUploads(instance);
  if (instance.store.isEmpty) {
    if (options.seed === "empty") seedEmptyWorkspace(instance);
    else seedWorkspace(instance);
    instance.store.commit();
  }
  return instance;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function close(server: Server, instance: Instance): Promise<void> {
  return new Promise((resolve, reject) => {
    instance.schedule.clear();
    server.close((error) => {
      instance.store.close();
      if (error) reject(error);
      else resolve();
    });
    server.closeAllConnections();
  });
}
