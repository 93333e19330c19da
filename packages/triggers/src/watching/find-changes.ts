import type { Observation, WatchedObject } from "@tenon/connector";
import type { HeldWatch, LedgerEntry } from "./watch-store.ts";

/** What the provider has told of one object, beside that it should be looked at. */
export interface Told {
  /** When each change happened, by what was told last. */
  times: ReadonlyMap<string, Date>;
  authors: readonly string[];
  /** What it said of them, such as which properties. */
  details: Readonly<Record<string, unknown>>;
}

/** One look at an object, with what was known before. */
export interface Look {
  kind: WatchedObject;
  /** The ledger's entry; undefined where the object was not known. */
  before: LedgerEntry | undefined;
  seen: Observation;
  /** When the look began, by our clock. */
  observedAt: Date;
  /** It is to be looked at again where it may still change within the provider's precision. */
  settles: boolean;
  /** Undefined: a poll has come across it. */
  told: Told | undefined;
  watch: Pick<HeldWatch, "since" | "watermark">;
  /** The latest of the provider's times that was known when the look began. */
  newest: Date;
}

export interface FoundChange {
  changes: readonly string[];
  details: Readonly<Record<string, unknown>>;
  occurredAt: Date;
}

export interface Finding {
  /** Empty: nothing that was not told of before. */
  found: FoundChange[];
  /** What the ledger says from then on; undefined where it need not know the object. */
  entry: LedgerEntry | undefined;
}

const dayMs = 86_400_000;
/** What is told to have happened so long after a look cannot have been seen by it, whatever the clocks. */
const surelyLaterMs = 5_000;
/** How far the provider's clock may be ahead. */
const clockSkewMs = 120_000;
const settleGraceMs = 10_000;

/**
 * Compares what is there with what was told of last. It does not matter why it was looked at: the
 * same state is told once, so that a webhook, its repeats and a poll make one change, and a change
 * that no webhook told of is found by the next look.
 *
 * - What is new is `created`, once: changes before it was first seen are part of it, unless the
 *   provider tells of them, or its times do.
 * - A change that cannot be seen in the state counts where the provider tells of it, and the last
 *   look was surely before.
 */
export function findChanges(look: Look): Finding {
  return look.before === undefined ? firstLook(look) : nextLook(look, look.before);
}

function firstLook(look: Look): Finding {
  const { kind, seen, told, watch } = look;
  const edits = editsTold(look, watch.since);
  const latest = told && latestOf(edits, told);
  if (seen.createdAt >= newSince(look)) {
    const createdAt = told?.times.get(kind.created) ?? seen.createdAt;
    const isEdited = seen.changedAt > seen.createdAt;
    const shown = kind.shows?.(seen.state) ?? [];
    const known = edits.length > 0 ? edits : [...shown, ...(isEdited ? kind.edits : [])];
    const found = [{ changes: [kind.created], details: {}, occurredAt: createdAt }];
    if (known.length > 0) found.push({ changes: known, ...factsOf(look, latest) });
    return { found, entry: toEntry(look, { isFresh: known.length === 0 }) };
  }
  if (told !== undefined) {
    const found = edits.length > 0 ? [{ changes: edits, ...factsOf(look, latest) }] : [];
    return { found, entry: toEntry(look, {}) };
  }
  if (seen.changedAt < floorTo(watch.since, kind.precisionMs))
    return { found: [], entry: undefined };
  // What changed cannot be told, only what it is now.
  const shown = kind.shows?.(seen.state) ?? [];
  const changes = shown.length > 0 ? shown : kind.edits;
  const found = changes.length > 0 ? [{ changes, ...factsOf(look, undefined) }] : [];
  return { found, entry: toEntry(look, {}) };
}

function nextLook(look: Look, before: LedgerEntry): Finding {
  const { kind, seen, told } = look;
  const {
    changes: seenChanges,
    unknown,
    details,
  } = kind.compare(before.state, seen.state, seen.result);
  const hasMoved = seen.changedAt > before.changedAt;
  const wasTold = editsTold(look, look.watch.since);
  const changes = [
    ...seenChanges,
    ...unknown.filter((change) => hasMoved || wasTold.includes(change)),
  ];
  if (changes.length === 0) changes.push(...unseenChanges(look, before, hasMoved));
  if (changes.length === 0) {
    return { found: [], entry: toEntry(look, { isFresh: before.isFresh, before }) };
  }
  const occurredAt = (told && latestOf(changes, told)) ?? seen.changedAt;
  const isFresh = before.isFresh && !changes.some((change) => kind.edits.includes(change));
  return {
    found: [{ changes, details, occurredAt }],
    entry: toEntry(look, { isFresh, before }),
  };
}

/** Changes of which the state shows nothing. */
function unseenChanges(look: Look, before: LedgerEntry, hasMoved: boolean): readonly string[] {
  const { kind } = look;
  const edits = editsTold(look, undefined).filter((change) => kind.edits.includes(change));
  if (before.isFresh && edits.length > 0) return edits;
  const later = editsTold(look, new Date(before.observedAt.getTime() + surelyLaterMs));
  const news = later.filter((change) => kind.edits.includes(change));
  if (news.length > 0) return news;
  if (!hasMoved) return [];
  // The provider's time says that something did, so it was something that is not looked at.
  return edits.length > 0 ? edits : kind.deep.length > 0 ? kind.deep : kind.edits;
}

/** Changes that were told of and happened at or after a time, but for being made. */
function editsTold({ kind, told }: Look, since: Date | undefined): string[] {
  return [...(told?.times ?? [])]
    .filter(([change, at]) => change !== kind.created && (since === undefined || at >= since))
    .map(([change]) => change);
}

function latestOf(changes: readonly string[], { times }: Told): Date | undefined {
  const found = changes.flatMap((change) => times.get(change)?.getTime() ?? []);
  return found.length > 0 ? new Date(Math.max(...found)) : undefined;
}

/**
 * What was made before is not new. The ledger forgets in time, so what was made a day before all
 * changes were known is not new either.
 */
function newSince({ kind, watch }: Look): Date {
  const since = Math.max(watch.since.getTime(), watch.watermark.getTime() - dayMs);
  return floorTo(new Date(since), kind.precisionMs);
}

/** Of an object whose earlier state is not known. */
function factsOf({ seen, told }: Look, occurredAt: Date | undefined) {
  return { details: told?.details ?? {}, occurredAt: occurredAt ?? seen.changedAt };
}

export function floorTo(time: Date, precisionMs: number): Date {
  return new Date(Math.floor(time.getTime() / precisionMs) * precisionMs);
}

function toEntry(
  look: Look,
  { isFresh = false, before }: { isFresh?: boolean; before?: LedgerEntry },
): LedgerEntry {
  const { kind, seen, observedAt, settles } = look;
  // What was not looked at this time is as it was, unless the object was changed since.
  const isSame = before !== undefined && seen.changedAt <= before.changedAt;
  return {
    kind: kind.kind,
    id: seen.id,
    state: isSame ? { ...before.state, ...seen.state } : seen.state,
    changedAt: seen.changedAt,
    observedAt,
    settleAt: settles ? settleTime(look, before) : undefined,
    isFresh,
  };
}

/**
 * When an object is to be looked at again: a change within the same minute may leave its time as it
 * is. Undefined where that minute was over at this look.
 */
function settleTime(
  { kind, seen, observedAt, newest }: Look,
  before: LedgerEntry | undefined,
): Date | undefined {
  const endsAt = seen.changedAt.getTime() + kind.precisionMs;
  // By the provider's own clock, or by ours if it is not far behind.
  const isOver = (at: Date) => at.getTime() > endsAt + clockSkewMs;
  if (newest.getTime() >= endsAt || isOver(observedAt)) return undefined;
  const again = settleAfter(kind, observedAt);
  if (before === undefined || seen.changedAt > before.changedAt) return again;
  // A look that nobody needed the content of has left no such time.
  if (before.settleAt === undefined) return isOver(before.observedAt) ? undefined : again;
  return before.settleAt <= observedAt ? undefined : before.settleAt;
}

/** When the provider's minute of a look is surely over. */
export function settleAfter({ precisionMs }: WatchedObject, observedAt: Date): Date {
  return new Date(observedAt.getTime() + precisionMs + settleGraceMs);
}
