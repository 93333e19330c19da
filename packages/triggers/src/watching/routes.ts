import type { WatchedObject } from "@tenon/connector";
import type { Change } from "../change.ts";
import type { Told } from "./find-changes.ts";
import type { PendingRoute, WatchCommit } from "./watch-store.ts";

/** What the provider has told of, as work: which objects to look at, and how its events end. */

/** An object to look at, and what the provider has told of it. */
export interface Suspect {
  kind: WatchedObject;
  id: string;
  routes: readonly PendingRoute[];
}

const nobodyListens = "Nobody listened any more when it was to be looked at.";
/** An event that could not be looked into for so long is given up; polls go on without it. */
const giveUpAfterMs = 3 * 86_400_000;

/** By object, in the order told; what nobody listens to any more is ended. */
export function groupRoutes(
  routes: readonly PendingRoute[],
  kinds: readonly WatchedObject[],
): { suspects: Suspect[]; unheard: Ended[] } {
  const suspects = new Map<string, Suspect & { routes: PendingRoute[] }>();
  const unheard: PendingRoute[] = [];
  for (const route of routes) {
    const kind = kinds.find((one) => one.kind === route.object.kind);
    if (kind === undefined) {
      unheard.push(route);
      continue;
    }
    const key = keyOf(kind.kind, route.object.id);
    const suspect = suspects.get(key) ?? { kind, id: route.object.id, routes: [] };
    suspect.routes.push(route);
    suspects.set(key, suspect);
  }
  return { suspects: [...suspects.values()], unheard: giveUp(unheard, nobodyListens) };
}

/** Those that may still be looked into, and those that were tried for too long. */
export function splitLate(routes: readonly PendingRoute[]): {
  waiting: PendingRoute[];
  late: PendingRoute[];
} {
  const isLate = ({ occurredAt }: PendingRoute) =>
    Date.now() - occurredAt.getTime() > giveUpAfterMs;
  return {
    waiting: routes.filter((route) => !isLate(route)),
    late: routes.filter((route) => isLate(route)),
  };
}

export function giveUp(routes: readonly PendingRoute[], failure: string): Ended[] {
  return end(routes, "failed").map((one) => ({ ...one, failure }));
}

export function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`;
}

export function attemptsOf({ routes }: Suspect): number {
  return Math.max(0, ...routes.map(({ attempts }) => attempts));
}

type Ended = WatchCommit["routes"][number];

export function end(
  routes: readonly PendingRoute[],
  outcome: Ended["outcome"],
  changeId?: string,
): Ended[] {
  return routes.map(({ eventId }) => ({ eventId, outcome, changeId }));
}

/** The change that an event told of; without one it was told of before. */
export function endWith({ eventId, ...route }: PendingRoute, changes: readonly Change[]): Ended {
  const own = changes.find((one) => one.changes.some((name) => route.changes.includes(name)));
  const change = own ?? changes.at(-1);
  if (change === undefined) return { eventId, outcome: "deduplicated" };
  return { eventId, outcome: "changed", changeId: change.id };
}

export function toldBy(routes: readonly PendingRoute[]): Told | undefined {
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
