import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Connector } from "@tenon/connector";
import { catchUp } from "./catch-up.ts";
import { jitter, type LookFailure } from "./failure.ts";
import { pollConnection, type PollOptions, takeStock } from "./poll-connection.ts";
import { type SessionOptions, WatchSession } from "./watch-session.ts";
import { type HeldWatch, WatchLost } from "./watch-store.ts";

/** How often accounts are asked for changes. */
export interface PollIntervals {
  /** After a change within the last minutes, or where webhooks missed one. */
  activeMs: number;
  /** Without either. */
  idleMs: number;
  /** Where webhooks tell of everything. */
  healthyMs: number;
}

export interface WatcherOptions extends SessionOptions {
  connectors: ReadonlyMap<string, Connector>;
  intervals?: Partial<PollIntervals>;
  /** How far polls look back, at the least. */
  overlapMs?: number;
  /** Connections worked on at a time. */
  maxConnections?: number;
  /** Between two looks for polls that are due, and for what others left behind. Default 500. */
  lookEveryMs?: number;
  onPolled?(polled: { failed: boolean; durationMs: number }): void;
}

/** Follows what happens in connected accounts that somebody listens on. */
export interface Watcher {
  /** There are new events of these connections: they are worked on at once. */
  wake(connectionIds: readonly string[]): void;
  /**
   * Call it before somebody begins to listen on a connection: what is there by then is not told as
   * new. Never throws: where the account cannot be asked, what changed within the last minute may be
   * told.
   */
  prepare(connectionId: string): Promise<void>;
  /** A connection works again. */
  resume(connectionId: string): Promise<void>;
  start(): void;
  /** Lets what is under way end. */
  close(): Promise<void>;
}

const defaultIntervals: PollIntervals = { activeMs: 15_000, idleMs: 60_000, healthyMs: 300_000 };
/** Most of the time is the provider's. */
const defaultConnections = 128;
const recentMs = 600_000;
/** Between two signs that this process still works on what it holds. */
const beatMs = 4_000;
/** The longest that somebody waits for the first look before they listen. */
const prepareMs = 5_000;

/**
 * Creates the watcher.
 *
 * - Any number of processes share the work: one holds a connection at a time, and what a process
 *   that lost it still finds is refused.
 * - What a process that died had begun is begun again by another when its lease is over; events
 *   wait in the database until they are worked on.
 */
export function createWatcher(options: WatcherOptions): Watcher {
  return new AccountWatcher(options);
}

class AccountWatcher implements Watcher {
  readonly #options: WatcherOptions;
  readonly #intervals: PollIntervals;
  readonly #pollOptions: PollOptions;
  readonly #holder = randomUUID();
  readonly #stopping = new AbortController();
  /** Work under way by connection; true: there is more by now. */
  readonly #working = new Map<string, { again: boolean; done: Promise<void> }>();
  readonly #beating: NodeJS.Timeout;
  #looking: Promise<void> | undefined;
  #backlog: string[] = [];
  readonly #preparing = new Set<string>();

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#intervals = { ...defaultIntervals, ...options.intervals };
    const { store, planners, overlapMs = 600_000 } = options;
    this.#pollOptions = { store, planners, overlapMs };
    this.#beating = setInterval(() => void this.#keepHolding(), beatMs).unref();
  }

  wake(connectionIds: readonly string[]): void {
    for (const id of new Set(connectionIds)) {
      const held = this.#working.get(id);
      if (held !== undefined) held.again = true;
      else this.#backlog.push(id);
    }
    this.#takeBacklog();
  }

  async prepare(connectionId: string): Promise<void> {
    const { log } = this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), prepareMs);
    const tooLate = once(late.signal, "abort").then(() => false);
    try {
      // A look that takes longer goes on: nobody is kept waiting for a slow provider.
      const isDone = await Promise.race([this.#lookFirst(connectionId, late.signal), tooLate]);
      if (!isDone)
        log.warn({ connectionId }, "A connection is watched before its first look ended");
    } catch (err) {
      log.warn({ err, connectionId }, "A connection is watched without a first look");
    } finally {
      clearTimeout(timer);
    }
  }

  /** False: another process has the connection all the time. */
  async #lookFirst(connectionId: string, late: AbortSignal): Promise<boolean> {
    const { store } = this.#options;
    await store.begin(connectionId);
    while (!late.aborted && !this.#isStopping) {
      const watch = await store.claim(connectionId, { holder: this.#holder });
      if (watch !== undefined) {
        await this.#prepareHeld(watch);
        return true;
      }
      await delay(50);
    }
    return false;
  }

  async resume(connectionId: string): Promise<void> {
    await this.#options.store.resume(connectionId);
    this.wake([connectionId]);
  }

  start(): void {
    this.#looking ??= this.#keepLooking();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    await Promise.all([...this.#working.values()].map(({ done }) => done));
    clearInterval(this.#beating);
  }

  async #keepHolding(): Promise<void> {
    const { store, log } = this.#options;
    const held = [...this.#working.keys(), ...this.#preparing];
    if (held.length === 0) return;
    await store.keep(held, { holder: this.#holder }).catch((err: unknown) => {
      log.warn({ err }, "Watched accounts may be taken over while they are worked on");
    });
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  get #room(): number {
    return (this.#options.maxConnections ?? defaultConnections) - this.#working.size;
  }

  #takeBacklog(): void {
    while (this.#backlog.length > 0 && this.#room > 0 && !this.#isStopping) {
      const connectionId = this.#backlog.shift() ?? "";
      const { store } = this.#options;
      this.#work(connectionId, () => store.claim(connectionId, { holder: this.#holder }));
    }
  }

  /** Looks for polls that are due, and for what other processes left behind. */
  async #keepLooking(): Promise<void> {
    const { signal } = this.#stopping;
    const { lookEveryMs = 500 } = this.#options;
    while (!signal.aborted) {
      let mayBeMore = false;
      try {
        mayBeMore = await this.#claimDue();
      } catch (err) {
        this.#options.log.warn({ err }, "Watched accounts are looked for again in a moment");
      }
      if (mayBeMore) await this.#untilRoom();
      else await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** True: as many as there was room for were due. */
  async #claimDue(): Promise<boolean> {
    const limit = this.#room;
    if (limit <= 0) return true;
    const { store } = this.#options;
    const due = await store.claimDue({ holder: this.#holder, limit });
    for (const watch of due) this.#adopt(watch);
    return due.length === limit;
  }

  /** What is claimed must be worked on: a wake that has just found it taken is waited for. */
  #adopt(watch: HeldWatch): void {
    const held = this.#working.get(watch.connectionId);
    if (held === undefined) this.#work(watch.connectionId, async () => watch);
    else void held.done.then(() => this.#adopt(watch));
  }

  async #untilRoom(): Promise<void> {
    const least = (this.#options.maxConnections ?? defaultConnections) / 4;
    while (this.#room < least && !this.#isStopping) {
      await Promise.race([...this.#working.values()].map(({ done }) => done));
    }
  }

  #work(connectionId: string, take: () => Promise<HeldWatch | undefined>): void {
    const held = this.#working.get(connectionId);
    if (held !== undefined) {
      held.again = true;
      return;
    }
    const state = { again: false, done: Promise.resolve() };
    this.#working.set(connectionId, state);
    state.done = this.#take(take)
      .catch((err: unknown) => {
        if (err instanceof WatchLost) return false;
        this.#options.log.error({ err, connectionId }, "A watched account could not be worked on");
        return false;
      })
      .then((wasHeld) => {
        this.#working.delete(connectionId);
        // Where another process has it, that one finds what came, or the next look for work does.
        if (wasHeld && state.again) this.#backlog.push(connectionId);
        this.#takeBacklog();
      });
  }

  async #take(take: () => Promise<HeldWatch | undefined>): Promise<boolean> {
    const watch = await take();
    if (watch === undefined) return false;
    await this.#workOn(watch);
    return true;
  }

  async #workOn(watch: HeldWatch): Promise<void> {
    const { store } = this.#options;
    const session = await this.#open(watch);
    if (session === undefined) return;
    const failure = await session.workOnRoutes();
    if (failure?.isBroken === true) {
      await store.release({ watch, nextPollInMs: failure.retryInMs });
      return;
    }
    await catchUp(session, store);
    if (!watch.isPollDue || this.#isStopping) {
      await store.release({ watch });
      return;
    }
    await this.#poll(session);
  }

  /** Undefined, and let go of, where it cannot be worked on now. */
  async #open(watch: HeldWatch): Promise<WatchSession | undefined> {
    const { store, connectors } = this.#options;
    const connector = connectors.get(watch.connectorId);
    if (connector === undefined || !watch.isUsable) {
      await this.#putOff(watch);
      return undefined;
    }
    const listeners = await store.readListeners(watch.connectionId);
    const { signal } = this.#stopping;
    return new WatchSession(this.#options, { watch, listeners, connector, signal });
  }

  /** The account has to be connected again, or its integration switched on. */
  async #putOff(watch: HeldWatch): Promise<void> {
    const { store } = this.#options;
    const failure = "The account or its integration does not work at the moment.";
    const routes = await store.readRoutes(watch.connectionId, 1_000);
    const inMs = jitter(this.#intervals.idleMs);
    await store.postpone(
      watch.connectionId,
      routes.map(({ eventId }) => ({ eventId, inMs, failure })),
    );
    await store.release({ watch, nextPollInMs: inMs });
  }

  async #poll(session: WatchSession): Promise<void> {
    const { store, onPolled } = this.#options;
    const { watch } = session;
    const begunMs = performance.now();
    const { failure, swept } = await pollConnection(session, this.#pollOptions);
    await session.workOnRoutes();
    onPolled?.({ failed: failure !== undefined, durationMs: performance.now() - begunMs });
    await store.release({
      watch,
      nextPollInMs: this.#nextPollIn(session, failure),
      polled: { failure: failure?.message, swept },
    });
  }

  #nextPollIn(session: WatchSession, failure: LookFailure | undefined): number {
    if (failure !== undefined) return failure.retryInMs;
    const { activeMs, idleMs, healthyMs } = this.#intervals;
    const { hasWebhooks, lastChangeAt } = session.watch;
    if (hasWebhooks && !session.hasMissed) return jitter(healthyMs);
    const isActive =
      session.hasMissed ||
      (lastChangeAt !== undefined && Date.now() - lastChangeAt.getTime() < recentMs);
    return jitter(isActive ? activeMs : idleMs);
  }

  async #prepareHeld(watch: HeldWatch): Promise<void> {
    const { store } = this.#options;
    this.#preparing.add(watch.connectionId);
    try {
      const session = await this.#open(watch);
      if (session === undefined) return;
      await takeStock(session, this.#pollOptions);
      if (session.kinds.length > 0) await pollConnection(session, this.#pollOptions);
    } finally {
      this.#preparing.delete(watch.connectionId);
      await store.release({ watch });
    }
  }
}
