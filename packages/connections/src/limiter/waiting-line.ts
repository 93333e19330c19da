import type { PermitAsk, Priority, Wait } from "./limiter.ts";
import { priorities } from "./shares.ts";

interface Place {
  /** By `performance.now()`. */
  readonly waitsUntil: number;
  /** True: permitted. False: cancelled. */
  leave(permitted: boolean): void;
  refuse(error: Error): void;
}

/** Those who wait for a permit of one connection: by priority, then by time of arrival. */
export class WaitingLine {
  readonly #places: Record<Priority, Set<Place>> = {
    interactive: new Set(),
    workflow: new Set(),
    backfill: new Set(),
  };

  get isEmpty(): boolean {
    return priorities.every((priority) => this.#places[priority].size === 0);
  }

  has(priority: Priority): boolean {
    return this.#places[priority].size > 0;
  }

  /** How many would be served before a newcomer of this priority. */
  ahead(priority: Priority): number {
    let count = 0;
    for (const one of priorities) {
      count += this.#places[one].size;
      if (one === priority) break;
    }
    return count;
  }

  /** @param onTimeout makes the error for one who has waited for as long as they would. */
  join({ priority, maxWaitMs }: PermitAsk, onTimeout: () => Error): Wait {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const places = this.#places[priority];
    const end = () => {
      clearTimeout(timer);
      return places.delete(place);
    };
    const place: Place = {
      waitsUntil: performance.now() + maxWaitMs,
      leave: (permitted) => void (end() && resolve(permitted)),
      refuse: (error) => void (end() && reject(error)),
    };
    const timer = setTimeout(() => place.refuse(onTimeout()), maxWaitMs);
    places.add(place);
    return { permitted: promise, cancel: () => place.leave(false) };
  }

  /** Lets the first in line go, and the next, while `take` finds a permit for them. */
  serve(take: (priority: Priority) => boolean): void {
    for (const priority of priorities) {
      for (const place of this.#places[priority]) {
        if (!take(priority)) break;
        place.leave(true);
      }
    }
  }

  /** Sends away who will have stopped waiting before it is their turn. */
  refuseImpatient(priority: Priority, soonest: number, toError: () => Error): void {
    for (const place of this.#places[priority]) {
      if (place.waitsUntil < soonest) place.refuse(toError());
    }
  }

  refuseAll(error: Error): void {
    for (const priority of priorities) {
      for (const place of this.#places[priority]) place.refuse(error);
    }
  }
}
