import type { Log } from "@tenon/connections";
import type { ActionClient, Connector, WatchedObject } from "@tenon/connector";
import type { Change, Listener, Start, StartPlanner } from "../change.ts";
import { askListeners } from "./ask-listeners.ts";
import { type LookFailure, toLookFailure } from "./failure.ts";
import { findChanges } from "./find-changes.ts";
import { type Looked, lookAt, toChange } from "./look-at.ts";
import { mapLimited } from "./map-limited.ts";
import {
  attemptsOf,
  end,
  endWith,
  giveUp,
  groupRoutes,
  keyOf,
  splitLate,
  type Suspect,
  toldBy,
} from "./routes.ts";
import {
  type HeldWatch,
  type LedgerEntry,
  ListenersChanged,
  type PendingRoute,
  type WatchCommit,
  type WatchStore,
} from "./watch-store.ts";

export interface SessionOptions {
  store: WatchStore;
  planners: Readonly<Record<Listener["of"]["kind"], StartPlanner>>;
  /** Calls the provider with a connection's credentials. */
  openClient(ask: {
    connector: Connector;
    connectionId: string;
    priority: "workflow" | "backfill";
    signal: AbortSignal;
  }): ActionClient;
  onStarted(started: { deliveries: number; changes: readonly Change[] }): void;
  log: Log;
}

const looksAtOnce = 8;
const batchSize = 40;

/** The work on one connection while this process holds it. */
export class WatchSession {
  readonly watch: HeldWatch;
  readonly connector: Connector;
  #listeners: readonly Listener[];
  readonly #options: SessionOptions;
  readonly #signal: AbortSignal;
  #missed: boolean;
  #newest: Date;

  constructor(
    options: SessionOptions,
    of: {
      watch: HeldWatch;
      listeners: readonly Listener[];
      connector: Connector;
      signal: AbortSignal;
    },
  ) {
    this.#options = options;
    this.watch = of.watch;
    this.#listeners = of.listeners;
    this.connector = of.connector;
    this.#signal = of.signal;
    this.#missed = of.watch.missedAt !== undefined;
    this.#newest = of.watch.watermark;
  }

  get listeners(): readonly Listener[] {
    return this.#listeners;
  }

  /** The kinds of objects that somebody listens for. */
  get kinds(): readonly WatchedObject[] {
    const watched = new Set(this.#triggers().map(({ object }) => object));
    return (this.connector.watch?.objects ?? []).filter(({ kind }) => watched.has(kind));
  }

  /** Somebody begins to listen, or goes on, while this session is under way. */
  async renewListeners(): Promise<void> {
    this.#listeners = await this.#options.store.readListeners(this.watch.connectionId);
  }

  /** A poll of this session or an earlier one has found what no webhook has told of. */
  get hasMissed(): boolean {
    return this.#missed;
  }

  /** The latest of the provider's times that is known. */
  get newest(): Date {
    return this.#newest;
  }

  note(about: object, message: string): void {
    this.#options.log.warn({ connectionId: this.watch.connectionId, ...about }, message);
  }

  learnTime(time: Date): void {
    if (time > this.#newest) this.#newest = time;
  }

  client(priority: "workflow" | "backfill"): ActionClient {
    const { connector, watch } = this;
    const of = { connector, connectionId: watch.connectionId, priority, signal: this.#signal };
    return this.#options.openClient(of);
  }

  /**
   * Works on events that are due until there are none.
   *
   * @returns what stands in the way, if something does.
   */
  async workOnRoutes(): Promise<LookFailure | undefined> {
    const { store } = this.#options;
    const { connectionId } = this.watch;
    for (;;) {
      const routes = await store.readRoutes(connectionId, batchSize);
      if (routes.length === 0 || this.#signal.aborted) return undefined;
      const { suspects, unheard } = groupRoutes(routes, this.kinds);
      if (unheard.length > 0) {
        await store.commit({ ...this.nothing(), routes: unheard });
      }
      const failure = await this.look(suspects, "webhook");
      if (failure !== undefined) return failure;
    }
  }

  /**
   * Looks at objects and writes down what is found. What cannot be looked at now waits, and does not
   * keep the others from being looked at.
   *
   * @returns what went wrong: for events, only what stands in the way of all.
   */
  async look(
    suspects: readonly Suspect[],
    cause: Change["cause"],
  ): Promise<LookFailure | undefined> {
    let found: LookFailure | undefined;
    for (let at = 0; at < suspects.length; at += batchSize) {
      const failure = await this.#lookAtBatch(suspects.slice(at, at + batchSize), cause);
      if (failure?.isBroken === true) return failure;
      found ??= failure;
    }
    return found;
  }

  /** The changes of a kind that somebody listens for. */
  changesOf({ kind }: WatchedObject): ReadonlySet<string> {
    return new Set(this.#triggers().flatMap(({ object, on }) => (object === kind ? on : [])));
  }

  isDeep(kind: WatchedObject): boolean {
    const changes = this.changesOf(kind);
    return kind.deep.some((change) => changes.has(change));
  }

  async #lookAtBatch(
    suspects: readonly Suspect[],
    cause: Change["cause"],
  ): Promise<LookFailure | undefined> {
    const client = this.client(cause === "webhook" ? "workflow" : "backfill");
    const known = await this.readLedger(suspects);
    const looked = await mapLimited(suspects, looksAtOnce, (suspect) =>
      this.#lookAt(client, suspect, known.get(keyOf(suspect.kind.kind, suspect.id))),
    );
    const entry: MutableCommit = { ...this.nothing(), ledger: [], changes: [], routes: [] };
    let blocking: LookFailure | undefined;
    for (const one of looked) {
      const failure = await this.#settle(entry, one, cause, client);
      if (failure === undefined) continue;
      await this.#postpone(one.suspect.routes, failure);
      if (failure.isBroken || cause === "poll") blocking = failure;
    }
    if (entry.ledger.length + entry.routes.length > 0) {
      await this.#commit({ ...entry, missed: this.#judge(entry, cause) }, client);
    }
    return blocking;
  }

  /** Who began to listen meanwhile is asked as well, before anything is written down. */
  async #commit(entry: WatchCommit, client: ActionClient): Promise<void> {
    const { store, onStarted } = this.#options;
    try {
      const { deliveries } = await store.commit({ ...entry, asked: this.#listeners });
      const changes = entry.changes.map(({ change }) => change);
      if (changes.length > 0) onStarted({ deliveries, changes });
    } catch (error) {
      if (!(error instanceof ListenersChanged)) throw error;
      await this.renewListeners();
      const changes = [];
      for (const { change } of entry.changes) {
        changes.push({ change, starts: await this.plan(change, client) });
      }
      await this.#commit({ ...entry, changes }, client);
    }
  }

  async readLedger(
    objects: readonly { kind: WatchedObject; id: string }[],
  ): Promise<ReadonlyMap<string, LedgerEntry>> {
    const asked = objects.map(({ kind, id }) => ({ kind: kind.kind, id }));
    const entries = await this.#options.store.readLedger(this.watch.connectionId, asked);
    return new Map(entries.map((one) => [keyOf(one.kind, one.id), one]));
  }

  async #lookAt(
    client: ActionClient,
    suspect: Suspect,
    before: LedgerEntry | undefined,
  ): Promise<Looked> {
    const about = { suspect, before, newest: this.#newest };
    const looked = await lookAt(client, about, this.isDeep(suspect.kind));
    if (looked.kind === "gone" && looked.refusal !== undefined) {
      const facts = { err: looked.refusal, object: suspect.id };
      this.note(facts, "An object cannot be looked at, and is passed over");
    }
    return looked;
  }

  /** Adds to the entry what one look came to; what stands in the way is returned. */
  async #settle(
    entry: MutableCommit,
    looked: Looked,
    cause: Change["cause"],
    client: ActionClient,
  ): Promise<LookFailure | undefined> {
    const { suspect, before, observedAt, newest } = looked;
    const { kind, routes } = suspect;
    if (looked.kind === "failed") return looked.failure;
    if (looked.kind === "gone") {
      // It may be shared again: what is known of it stays, but needs no further look.
      if (before?.settleAt) entry.ledger.push({ ...before, settleAt: undefined });
      entry.routes.push(...end(routes, "not_accessible"));
      return undefined;
    }
    const { seen } = looked;
    const told = toldBy(routes);
    const settles = this.isDeep(kind);
    const look = { kind, before, seen, observedAt, newest, settles, told };
    const finding = findChanges({ ...look, watch: this.watch });
    const { watch, connector } = this;
    const about = { suspect, seen, told, cause, watch, connector };
    const changes = finding.found.map((one) => toChange(one, about));
    try {
      const planned = await Promise.all(
        changes.map(async (change) => ({ change, starts: await this.plan(change, client) })),
      );
      entry.changes.push(...planned);
    } catch (error) {
      return toLookFailure(error, attemptsOf(suspect));
    }
    if (finding.entry !== undefined) entry.ledger.push(finding.entry);
    entry.routes.push(...routes.map((route) => endWith(route, changes)));
    return undefined;
  }

  /** What a change starts for those who listen now. */
  plan(
    change: Change,
    client: ActionClient,
    listeners: readonly Listener[] = this.#listeners,
  ): Promise<Start[]> {
    const { planners } = this.#options;
    return askListeners(change, listeners, {
      connector: this.connector,
      planners,
      client,
      note: (about, message) => this.note(about, message),
    });
  }

  async #postpone(routes: readonly PendingRoute[], failure: LookFailure): Promise<void> {
    const { waiting, late } = splitLate(routes);
    const { store } = this.#options;
    const { message, retryInMs: inMs } = failure;
    await store.postpone(
      this.watch.connectionId,
      waiting.map(({ eventId }) => ({ eventId, inMs, failure: message })),
    );
    if (late.length > 0) await store.commit({ ...this.nothing(), routes: giveUp(late, message) });
  }

  #judge(entry: WatchCommit, cause: Change["cause"]): boolean | undefined {
    if (cause === "poll") {
      if (entry.changes.length === 0 || !this.watch.hasWebhooks) return undefined;
      this.#missed = true;
      return true;
    }
    const isLate = entry.routes.some(({ outcome }) => outcome === "deduplicated");
    if (!isLate || !this.#missed) return undefined;
    this.#missed = false;
    return false;
  }

  #triggers() {
    const ids = new Set(this.#listeners.map(({ triggerId }) => triggerId));
    return this.connector.triggers.filter(({ id }) => ids.has(id));
  }

  /** To be written down: nothing yet. */
  nothing(): WatchCommit {
    return { watch: this.watch, asked: this.#listeners, ledger: [], changes: [], routes: [] };
  }
}

type MutableCommit = WatchCommit & {
  ledger: LedgerEntry[];
  changes: WatchCommit["changes"][number][];
  routes: WatchCommit["routes"][number][];
};
