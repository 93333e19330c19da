import type { ProviderData } from "@tenon/connections";
import type { ObjectState } from "@tenon/connector";
import type { Change, Listener, Start } from "../change.ts";

/** A connection that this process alone works on, until its lease ends. */
export interface HeldWatch {
  connectionId: string;
  projectId: string;
  connectorId: string;
  providerData: ProviderData;
  /** False: the account or its integration does not work at the moment. */
  isUsable: boolean;
  /** What was there before is not told of. */
  since: Date;
  /** All changes before this are known, by the provider's clock. */
  watermark: Date;
  /** A poll is due. */
  isPollDue: boolean;
  /** When the next poll was to be, as the store wrote it: who asks for an earlier one changes it. */
  pollMark: string;
  polledAt: Date | undefined;
  /** When polls last looked further back than they mostly do. */
  sweptAt: Date | undefined;
  lastChangeAt: Date | undefined;
  /** When a poll found what no webhook had told of; undefined once one does. */
  missedAt: Date | undefined;
  /** The provider has told of this account lately, or is set up to. */
  hasWebhooks: boolean;
  pollFailureCount: number;
  /** Rises with each claim: what an earlier holder writes is refused. */
  fence: string;
}

/** Something that the provider has told of, not yet worked on. */
export interface PendingRoute {
  eventId: string;
  object: { kind: string; id: string };
  changes: readonly string[];
  details: Readonly<Record<string, unknown>>;
  authors: readonly string[];
  occurredAt: Date;
  attempts: number;
}

/** What is known of one object: the ledger's entry. */
export interface LedgerEntry {
  kind: string;
  id: string;
  state: ObjectState;
  /** By the provider's clock. */
  changedAt: Date;
  /** When it was looked at, by ours. */
  observedAt: Date;
  /** It may have changed again within the provider's precision: to be looked at again then. */
  settleAt: Date | undefined;
  /** It is new, and no change of it was told since. */
  isFresh: boolean;
}

export type RouteOutcome = "changed" | "deduplicated" | "not_accessible" | "failed";

/** What was found out, to be written down in one transaction. */
export interface WatchCommit {
  watch: Pick<HeldWatch, "connectionId" | "fence">;
  /** Who was asked about the changes. */
  asked: readonly Listener[];
  /** The ledger takes down what is there without telling anybody: only while nobody else listens. */
  isStock?: boolean;
  ledger: readonly LedgerEntry[];
  changes: readonly { change: Change; starts: readonly Start[] }[];
  routes: readonly {
    eventId: string;
    outcome: RouteOutcome;
    changeId?: string | undefined;
    failure?: string;
  }[];
  watermark?: Date | undefined;
  /** What was there before is not told of from now on. */
  since?: Date | undefined;
  /** True: a poll found what no webhook had told of. False: a webhook told of what a poll had found. */
  missed?: boolean | undefined;
  /** It has been told of all that happened while it was paused. */
  caughtUp?: string | undefined;
}

/** Raised where the connection is another process's by now. */
export class WatchLost extends Error {
  override readonly name = "WatchLost";
}

/** Raised where somebody listens by now who was not asked about the changes. */
export class ListenersChanged extends Error {
  override readonly name = "ListenersChanged";
}

/** How a holder lets go of a connection. */
export interface WatchRelease {
  watch: Pick<HeldWatch, "connectionId" | "fence" | "pollMark">;
  /** Left out, or where somebody asked for another time meanwhile: the next poll stays when it was. */
  nextPollInMs?: number | undefined;
  /** A poll has ended: well, or with what went wrong. */
  polled?: { failure: string | undefined; swept: boolean } | undefined;
}

/** Stores what is watched: who listens, what is known, what is to be done. */
export interface WatchStore {
  /** Takes connections with something to do that nobody holds. */
  claimDue(ask: { holder: string; limit: number }): Promise<HeldWatch[]>;
  /** Takes one connection; undefined where somebody holds it, or nobody listens on it. */
  claim(connectionId: string, ask: { holder: string }): Promise<HeldWatch | undefined>;
  /** Says that the holder lives: its leases last on. */
  keep(connectionIds: readonly string[], ask: { holder: string }): Promise<void>;
  /**
   * Makes sure that a connection is watched, from a while ago on. What was lately looked at may have
   * been without its deep parts: it is looked at again when its time has settled.
   */
  begin(connectionId: string): Promise<void>;
  /** A connection works again: what waits for it is due. */
  resume(connectionId: string): Promise<void>;
  /** Those that run, and those that catch up later. */
  readListeners(connectionId: string): Promise<Listener[]>;
  /** What is due, the oldest first. */
  readRoutes(connectionId: string, limit: number): Promise<PendingRoute[]>;
  readLedger(
    connectionId: string,
    objects: readonly { kind: string; id: string }[],
  ): Promise<LedgerEntry[]>;
  /** Objects that are to be looked at again by now, or that were last changed before a time. */
  readUnsettled(
    connectionId: string,
    ask: { changedBefore: Date; limit: number },
  ): Promise<LedgerEntry[]>;
  /** Changes that were found at or after a time, in their order. */
  readChanges(
    connectionId: string,
    page: { from: Date; after: string | undefined; limit: number },
  ): Promise<(Change & { foundAt: Date })[]>;
  /**
   * Writes down what was found out: the ledger, the changes with the runs and deliveries they start,
   * how events ended, and the watermark, all or nothing.
   *
   * - Starts of listeners that were paused or removed meanwhile are left out.
   * - A run or delivery that exists is left alone.
   * - Throws {@link WatchLost}, and {@link ListenersChanged} where there are changes or it is stock.
   */
  commit(entry: WatchCommit): Promise<{ runs: number; deliveries: number }>;
  /** Routes that cannot be worked on now. */
  postpone(
    connectionId: string,
    routes: readonly { eventId: string; inMs: number; failure: string }[],
  ): Promise<void>;
  release(release: WatchRelease): Promise<void>;
}
