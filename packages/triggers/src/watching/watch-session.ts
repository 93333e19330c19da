import { randomUUID } from "node:crypto";
import type { Log } from "@tenon/connections";
import type { ActionClient, Connector, Observation, WatchedObject } from "@tenon/connector";
import type { Change, Listener, Start, StartPlanner } from "../change.ts";
import { withCachedReads } from "./cached-reads.ts";
import { type LookFailure, toLookFailure } from "./failure.ts";
import { findChanges, type FoundChange, type Look, type Told } from "./find-changes.ts";
import { mapLimited } from "./map-limited.ts";
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

/** An object to look at, and what the provider has told of it. */
export interface Suspect {
  kind: WatchedObject;
  id: string;
  routes: readonly PendingRoute[];
}

/** What a look at one object came to. */
type Looked = Pick<Look, "before" | "observedAt" | "newest"> & { suspect: Suspect } & (
    | { kind: "seen"; seen: Observation }
    | { kind: "gone" }
    | { kind: "failed"; failure: LookFailure }
  );

const looksAtOnce = 8;
const batchSize = 40;
/** An event that could not be looked into for so long is given up; polls go on without it. */
const giveUpAfterMs = 3 * 86_400_000;

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
      const { suspects, unheard } = this.#group(routes);
      if (unheard.length > 0) {
        await store.commit({ ...this.nothing(), routes: unheard });
      }
      const failure = await this.look(suspects, "webhook");
      if (failure !== undefined) return failure;
    }
  }

  /** Looks at objects and writes down what is found; what cannot be looked at now waits. */
  async look(
    suspects: readonly Suspect[],
    cause: Change["cause"],
  ): Promise<LookFailure | undefined> {
    for (let at = 0; at < suspects.length; at += batchSize) {
      const failure = await this.#lookAtBatch(suspects.slice(at, at + batchSize), cause);
      if (failure !== undefined) return failure;
    }
    return undefined;
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
    const observedAt = new Date();
    const about = { suspect, before, observedAt, newest: this.#newest };
    const { kind, id } = suspect;
    try {
      const seen = await kind.observe({ client, id, deep: this.isDeep(kind) });
      return seen === undefined ? { ...about, kind: "gone" } : { ...about, kind: "seen", seen };
    } catch (error) {
      return { ...about, kind: "failed", failure: toLookFailure(error, attemptsOf(suspect)) };
    }
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
    const changes = finding.found.map((one) => this.#toChange(one, { suspect, seen, told, cause }));
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
  async plan(
    change: Change,
    client: ActionClient,
    listeners: readonly Listener[] = this.#listeners,
  ): Promise<Start[]> {
    const asked = listeners.filter((one) => this.#concerns(one, change));
    if (asked.length === 0) return [];
    const reads = withCachedReads(client);
    const matches = (triggerId: string, input: Readonly<Record<string, unknown>>) =>
      this.#matches(change, { triggerId, input, client: reads });
    const starts: Start[] = [];
    for (const [kind, own] of Map.groupBy(asked, ({ of }) => of.kind)) {
      starts.push(...(await this.#options.planners[kind].plan(change, own, matches)));
    }
    return starts;
  }

  #concerns(listener: Listener, change: Change): boolean {
    const trigger = this.connector.triggers.find(({ id }) => id === listener.triggerId);
    if (trigger === undefined || trigger.object !== change.object.kind) return false;
    if (listener.pausedAt !== undefined || listener.behindSince !== undefined) return false;
    if (!trigger.on.some((one) => change.changes.includes(one))) return false;
    const precisionMs = this.#precisionOf(change);
    return change.occurredAt.getTime() + precisionMs > listener.since.getTime();
  }

  /** A time that the provider told to the millisecond is taken at its word, but for the clocks. */
  #precisionOf({ object, occurredAt }: Change): number {
    const kind = this.kinds.find((one) => one.kind === object.kind);
    const precisionMs = kind?.precisionMs ?? 0;
    return occurredAt.getTime() % Math.max(1, precisionMs) === 0 ? precisionMs : clockSkewMs;
  }

  async #matches(
    change: Change,
    ask: { triggerId: string; input: Readonly<Record<string, unknown>>; client: ActionClient },
  ): Promise<boolean> {
    const trigger = this.connector.triggers.find(({ id }) => id === ask.triggerId);
    const parsed = trigger?.input.safeParse(ask.input);
    if (trigger === undefined || parsed === undefined) return false;
    if (!parsed.success) {
      const about = { triggerId: trigger.id, issues: parsed.error.issues };
      this.note(about, "A trigger's input cannot be used, so it starts nothing");
      return false;
    }
    const { changes, details, result } = change;
    const asked = { input: parsed.data, client: ask.client, changes, details, result };
    return trigger.matches === undefined || trigger.matches(asked);
  }

  #toChange(
    found: FoundChange,
    about: {
      suspect: Suspect;
      seen: Observation;
      told: Told | undefined;
      cause: Change["cause"];
    },
  ): Change {
    const { suspect, seen, told, cause } = about;
    const { kind, id } = suspect;
    const last = found.changes.includes(kind.created) ? seen.createdBy : seen.changedBy;
    const authors = told?.authors ?? (last === undefined ? [] : [last]);
    const own = this.watch.providerData[this.connector.watch?.ownAuthor ?? ""];
    return {
      id: randomUUID(),
      projectId: this.watch.projectId,
      connectionId: this.watch.connectionId,
      object: { kind: kind.kind, id },
      changes: found.changes,
      details: found.details,
      authors,
      isOwn: authors.length > 0 && authors.every((author) => author === own),
      cause,
      occurredAt: found.occurredAt,
      result: seen.result,
    };
  }

  /** By object, in the order told; what nobody listens to any more is ended. */
  #group(routes: readonly PendingRoute[]) {
    const suspects = new Map<string, Suspect & { routes: PendingRoute[] }>();
    const unheard: PendingRoute[] = [];
    for (const route of routes) {
      const kind = this.kinds.find((one) => one.kind === route.object.kind);
      if (kind === undefined) {
        unheard.push(route);
        continue;
      }
      const key = keyOf(kind.kind, route.object.id);
      const suspect = suspects.get(key) ?? { kind, id: route.object.id, routes: [] };
      suspect.routes.push(route);
      suspects.set(key, suspect);
    }
    const ended = end(unheard, "failed").map((one) => ({ ...one, failure: nobodyListens }));
    return { suspects: [...suspects.values()], unheard: ended };
  }

  async #postpone(routes: readonly PendingRoute[], failure: LookFailure): Promise<void> {
    const [late, waiting] = split(routes, (route) => isLate(route));
    const { store } = this.#options;
    const inMs = failure.retryInMs;
    await store.postpone(
      this.watch.connectionId,
      waiting.map(({ eventId }) => ({ eventId, inMs, failure: failure.message })),
    );
    if (late.length === 0) return;
    const ended = end(late, "failed").map((one) => ({ ...one, failure: failure.message }));
    await store.commit({ ...this.nothing(), routes: ended });
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

const clockSkewMs = 2_000;
const nobodyListens = "Nobody listened any more when it was to be looked at.";

type MutableCommit = WatchCommit & {
  ledger: LedgerEntry[];
  changes: WatchCommit["changes"][number][];
  routes: WatchCommit["routes"][number][];
};

export function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

function attemptsOf({ routes }: Suspect): number {
  return Math.max(0, ...routes.map(({ attempts }) => attempts));
}

function isLate({ occurredAt }: PendingRoute): boolean {
  return Date.now() - occurredAt.getTime() > giveUpAfterMs;
}

function split<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

type Ended = WatchCommit["routes"][number];

function end(
  routes: readonly PendingRoute[],
  outcome: Ended["outcome"],
  changeId?: string,
): Ended[] {
  return routes.map(({ eventId }) => ({ eventId, outcome, changeId }));
}

/** The change that an event told of; without one it was told of before. */
function endWith({ eventId, ...route }: PendingRoute, changes: readonly Change[]): Ended {
  const own = changes.find((one) => one.changes.some((name) => route.changes.includes(name)));
  const change = own ?? changes.at(-1);
  if (change === undefined) return { eventId, outcome: "deduplicated" };
  return { eventId, outcome: "changed", changeId: change.id };
}

function toldBy(routes: readonly PendingRoute[]): Told | undefined {
  if (routes.length === 0) return undefined;
  const times = new Map<string, Date>();
  for (const { changes, occurredAt } of routes) {
    for (const change of changes) {
      const known = times.get(change);
      if (known === undefined || known < occurredAt) times.set(change, occurredAt);
    }
  }
  const authors = [...new Set(routes.flatMap((route) => route.authors))];
  return { times, authors, details: mergeDetails(routes) };
}

/** Lists of several events are one list. */
function mergeDetails(routes: readonly PendingRoute[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const [name, value] of routes.flatMap(({ details }) => Object.entries(details))) {
    const known = merged[name];
    merged[name] = Array.isArray(known) && Array.isArray(value) ? [...known, ...value] : value;
  }
  return merged;
}
