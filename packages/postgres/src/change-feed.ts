import { setTimeout as delay } from "node:timers/promises";
import type { Change, ChangeFeed } from "@tenon/connections";
import { Client, type ClientConfig } from "pg";

/** A change feed with a connection of its own to the database. */
export interface DatabaseChangeFeed extends ChangeFeed {
  /** Resolves when the feed is live for the first time; rejects when it is stopped before. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Listens for the changes that the tables' triggers tell.
 *
 * - `isLive` means: the connection is up, and the server has answered on it within the last
 *   seconds. A closed connection ends it at once; one that is silently dead within
 *   `heartbeatMs + answerMs`, even when our own timers were held up meanwhile.
 * - What is told while there is no connection is lost: each new one begins with `onReset`.
 * - It connects again for ever, more and more slowly up to every `longestPauseMs`.
 * - `LISTEN` needs a connection of its own: a URL that leads to a pooler in transaction mode does
 *   not tell changes.
 */
export function createChangeFeed(connectionConfig: ClientConfig): DatabaseChangeFeed {
  return new ListeningFeed(connectionConfig);
}

type Listener = Parameters<ChangeFeed["subscribe"]>[0];

const channel = "tenon_changes";
const heartbeatMs = 2_000;
const answerMs = 2_000;
const firstPauseMs = 25;
const longestPauseMs = 2_000;

class ListeningFeed implements DatabaseChangeFeed {
  readonly ready: Promise<void>;
  readonly #config: ClientConfig;
  readonly #listeners = new Set<Listener>();
  readonly #stopping = new AbortController();
  readonly #becameLive = Promise.withResolvers<void>();
  readonly #running: Promise<void>;
  /** When the last question was sent that the server has answered; 0 without a connection. */
  #provenAt = 0;

  constructor(connectionConfig: ClientConfig) {
    this.#config = {
      ...connectionConfig,
      application_name: "tenon change feed",
      connectionTimeoutMillis: 5_000,
      query_timeout: answerMs,
      keepAlive: true,
    };
    this.ready = this.#becameLive.promise;
    this.ready.catch(() => undefined);
    this.#running = this.#run();
  }

  get isLive(): boolean {
    return Date.now() - this.#provenAt < heartbeatMs + answerMs + 500;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#becameLive.reject(new Error("The change feed was stopped before it was live."));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      const wasLive = await this.#listenOnce();
      pauseMs = wasLive ? firstPauseMs : Math.min(longestPauseMs, pauseMs * 2);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Connects and listens until the connection ends; tells whether it had been live. */
  async #listenOnce(): Promise<boolean> {
    const client = new Client(this.#config);
    const session = new AbortController();
    const end = () => session.abort();
    client.on("error", end);
    client.on("end", end);
    client.on("notification", ({ payload = "" }) => this.#tell(parseChange(payload)));
    this.#stopping.signal.addEventListener("abort", end);
    let wasLive = false;
    try {
      await untilAborted(client.connect(), session.signal);
      const sentAt = Date.now();
      await untilAborted(client.query(`listen ${channel}`), session.signal);
      wasLive = true;
      this.#becomeLive(sentAt);
      await this.#keepProving(client, session.signal);
    } catch {
      // The connection failed or was ended: the caller connects again.
    } finally {
      this.#provenAt = 0;
      this.#stopping.signal.removeEventListener("abort", end);
      void client.end().catch(() => undefined);
    }
    return wasLive;
  }

  #becomeLive(sentAt: number): void {
    this.#provenAt = sentAt;
    for (const listener of this.#listeners) listener.onReset();
    this.#becameLive.resolve();
  }

  async #keepProving(client: Client, signal: AbortSignal): Promise<never> {
    for (;;) {
      await delay(heartbeatMs, undefined, { signal });
      const sentAt = Date.now();
      await untilAborted(client.query("select 1"), signal);
      this.#provenAt = sentAt;
    }
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener.onChange(change);
  }
}

/** `table:project:row`; a row that is of no project, such as an operator's key, is `table:row`. */
function parseChange(payload: string): Change {
  const [table = "", ...ids] = payload.split(":");
  return { table, projectId: ids.length > 1 ? (ids[0] ?? "") : "", id: ids.at(-1) ?? "" };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new Error("The connection has ended."));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
