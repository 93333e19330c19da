import {
  type ActionClient,
  type ObjectState,
  type Observation,
  type WatchedObject,
} from "@tenon/connector";
import type { Listener, StartPlanner } from "../change.ts";
import { isRefusal, type LookFailure, toLookFailure } from "./failure.ts";
import { floorTo, settleAfter } from "./find-changes.ts";
import { keyOf, type Suspect } from "./routes.ts";
import type { WatchSession } from "./watch-session.ts";
import { type LedgerEntry, ListenersChanged, type WatchStore } from "./watch-store.ts";

export interface PollOptions {
  store: WatchStore;
  planners: Readonly<Record<Listener["of"]["kind"], StartPlanner>>;
  /** How far each poll looks back, for what the provider lists late. */
  overlapMs: number;
}

export interface Polled {
  failure: LookFailure | undefined;
  /** It looked further back. */
  swept: boolean;
}

const sweepEveryMs = 3_600_000;
const sweepMs = 86_400_000;
const unsettledAtOnce = 40;

/**
 * Asks the provider what changed since all was known, and looks at what is not as the ledger says.
 *
 * - Each poll looks back over what the last ones have seen: what is listed late is found then. Once
 *   an hour it looks back a day.
 * - What a webhook tells meanwhile is worked on in between.
 * - The watermark moves when all before it is written down.
 */
export async function pollConnection(session: WatchSession, options: PollOptions): Promise<Polled> {
  const { watch } = session;
  const swept =
    watch.polledAt !== undefined &&
    Date.now() - (watch.sweptAt ?? watch.polledAt).getTime() > sweepEveryMs;
  const lookBackMs = swept ? sweepMs : options.overlapMs;
  const since = new Date(watch.watermark.getTime() - lookBackMs);
  try {
    const failure =
      (await lookAtListed(session, { ...options, since })) ??
      (await lookAtUnsettled(session, options));
    if (failure !== undefined) return { failure, swept: false };
    const watermark = session.newest;
    if (watermark > watch.watermark) {
      await options.store.commit({ ...session.nothing(), watermark });
    }
    return { failure: undefined, swept };
  } catch (error) {
    return { failure: toLookFailure(error, watch.pollFailureCount), swept: false };
  }
}

async function lookAtListed(
  session: WatchSession,
  { since, ...options }: PollOptions & { since: Date },
): Promise<LookFailure | undefined> {
  let found: LookFailure | undefined;
  for (const asked of await scopesOf(session, options)) {
    const { kind } = asked;
    for await (const page of listOf(session, { ...asked, since })) {
      for (const { changedAt } of page) session.learnTime(changedAt);
      const failure = await session.look(await pickChanged(session, kind, page), "poll");
      if (failure?.isBroken === true) return failure;
      found ??= failure;
      await session.workOnRoutes();
    }
  }
  return found;
}

/** A part of the account that is gone, or not shared any more, must not keep the rest from polls. */
async function* listOf(
  session: WatchSession,
  { kind, scope, since }: Scope & { since: Date },
): AsyncGenerator<readonly Observation[]> {
  const client = session.client("backfill");
  try {
    const changes = session.changesOf(kind);
    yield* kind.list?.({ client, since, scope, changes }) ?? [];
  } catch (error) {
    if (scope === undefined || !isRefusal(error)) throw error;
    session.note({ scope, err: error }, "A part of an account cannot be asked for changes");
  }
}

interface Scope {
  kind: WatchedObject;
  scope: string | undefined;
}

/** The whole account once for each kind, and the parts of it that triggers are narrowed to. */
async function scopesOf(session: WatchSession, { planners }: PollOptions): Promise<Scope[]> {
  const { connector, kinds, listeners, watch } = session;
  const scopes: Scope[] = kinds.map((kind) => ({ kind, scope: undefined }));
  const scoped = new Set(connector.triggers.flatMap((one) => (one.scope ? [one.id] : [])));
  const narrowed = listeners.filter(({ triggerId }) => scoped.has(triggerId));
  for (const [of, own] of Map.groupBy(narrowed, (one) => one.of.kind)) {
    for (const { triggerId, input } of await planners[of].readInputs(watch, own)) {
      const trigger = connector.triggers.find(({ id }) => id === triggerId);
      const parsed = trigger?.input.safeParse(input);
      const kind = kinds.find((one) => one.kind === trigger?.object);
      if (!parsed?.success || kind === undefined) continue;
      const scope = trigger?.scope?.(parsed.data);
      const isKnown = scopes.some((one) => one.kind === kind && one.scope === scope);
      if (scope !== undefined && !isKnown) scopes.push({ kind, scope });
    }
  }
  return scopes.filter(({ kind }) => kind.list !== undefined);
}

/** Those that are not as the ledger says, or that it should know and does not. */
async function pickChanged(
  session: WatchSession,
  kind: WatchedObject,
  page: readonly Observation[],
): Promise<Suspect[]> {
  const known = await session.readLedger(page.map(({ id }) => ({ kind, id })));
  const from = floorTo(session.watch.since, kind.precisionMs);
  const changed = page.filter((seen) => {
    const before = known.get(keyOf(kind.kind, seen.id));
    if (before === undefined) return seen.changedAt >= from || seen.createdAt >= from;
    // What is listed may be older than what was seen.
    if (seen.changedAt < before.changedAt) return false;
    if (seen.changedAt > before.changedAt) return true;
    return kind.compare(before.state, seen.state, seen.result).changes.length > 0;
  });
  return changed.map(({ id }) => ({ kind, id, routes: [] }));
}

/** A change in the same minute leaves an object's time as it is: such objects are looked at again. */
async function lookAtUnsettled(
  session: WatchSession,
  { store }: PollOptions,
): Promise<LookFailure | undefined> {
  for (;;) {
    const entries = await store.readUnsettled(session.watch.connectionId, {
      changedBefore: new Date(session.newest.getTime() - longestPrecision(session)),
      limit: unsettledAtOnce,
    });
    const suspects = entries.flatMap(({ kind, id }): Suspect[] => {
      const found = session.kinds.find((one) => one.kind === kind);
      return found === undefined ? [] : [{ kind: found, id, routes: [] }];
    });
    const failure = await session.look(suspects, "poll");
    if (failure !== undefined || entries.length < unsettledAtOnce) return failure;
    if (suspects.length === 0) return undefined;
  }
}

/** What was changed before the provider's own minute at hand is past it. */
function longestPrecision({ kinds }: WatchSession): number {
  return Math.max(0, ...kinds.map(({ precisionMs }) => precisionMs)) - 1;
}

const maxKnownPages = 10;

/** What is listed late must not count as new, nor what happened while nobody listened. */
const headStartMs = 60_000;

type StockOptions = Pick<PollOptions, "store" | "overlapMs">;

/**
 * Takes down what is there of the kinds that nobody listens for, yet or any more, without telling
 * anybody: what changed lately is known from then on. It ends where somebody begins to listen
 * meanwhile, for what is listed from then on may be news to them.
 */
export async function takeStock(session: WatchSession, options: StockOptions): Promise<void> {
  try {
    await takeAll(session, options);
  } catch (error) {
    if (!(error instanceof ListenersChanged)) throw error;
  }
}

async function takeAll(session: WatchSession, { store, overlapMs }: StockOptions): Promise<void> {
  const { connector } = session;
  const begun = new Date();
  const client = session.client("workflow");
  const since = new Date(begun.getTime() - overlapMs);
  const unheard = (connector.watch?.objects ?? []).filter((one) => !session.kinds.includes(one));
  for (const kind of unheard) {
    let pages = 0;
    const all = { client, since, scope: undefined, changes: undefined };
    for await (const page of kind.list?.(all) ?? []) {
      const ledger = await Promise.all(
        page.map(async (seen): Promise<LedgerEntry> => {
          const { id, changedAt } = seen;
          const isChanging = begun.getTime() - changedAt.getTime() < stillChangingMs;
          const mayChange = isChanging && kind.deep.length > 0;
          return {
            kind: kind.kind,
            id,
            // With the parts of which a change may leave the object's time as it is.
            state: mayChange ? await deepStateOf(seen, { kind, client }) : seen.state,
            changedAt,
            observedAt: begun,
            settleAt: mayChange ? settleAfter(kind, begun) : undefined,
            isFresh: false,
          };
        }),
      );
      await store.commit({ ...session.nothing(), ledger, isStock: true });
      pages += 1;
      if (pages === maxKnownPages) break;
    }
  }
  if (session.kinds.length > 0) return;
  const from = new Date(begun.getTime() - headStartMs);
  await store.commit({ ...session.nothing(), isStock: true, since: from, watermark: from });
}

const stillChangingMs = 180_000;

async function deepStateOf(
  { id, state }: Observation,
  { kind, client }: { kind: WatchedObject; client: ActionClient },
): Promise<ObjectState> {
  const deep = await kind.observe({ client, id, deep: true });
  return deep?.state ?? state;
}
