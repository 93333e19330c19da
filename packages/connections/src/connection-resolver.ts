import type { ChangeFeed } from "./change-feed.ts";
import type { ConnectionStore, UserScope } from "./connection.ts";
import { type SelectableConnection, selectConnection } from "./select-connection.ts";

/** What a selector resolved to. */
export type ResolvedConnection = Readonly<SelectableConnection>;

/** Tells which of a user's connections of an integration a request means. */
export interface ConnectionResolver {
  /**
   * The connection, or undefined where the user has none that fits: at once where it is in memory.
   * Selectors: {@link selectConnection}.
   */
  resolve(
    scope: UserScope,
    integrationId: string,
    selector?: string,
  ): ResolvedConnection | undefined | Promise<ResolvedConnection | undefined>;
  close(): void;
}

const maxEntries = 50_000;

/**
 * Creates the resolver, which is asked once per proxied request.
 *
 * - A user's list is in memory only while the change feed is live, and goes when one of the
 *   connections on it changes. A connection that is made later is on no list, so only answers that
 *   it cannot change are given from memory: a VALID connection, which a newer one never precedes.
 * - Anything else (none found, INVALID) is read anew each time.
 */
export function createConnectionResolver(options: {
  connections: ConnectionStore;
  changeFeed: ChangeFeed;
}): ConnectionResolver {
  const { connections, changeFeed } = options;
  const lists = new Map<string, readonly ResolvedConnection[]>();
  const keyOf = new Map<string, string>();
  let generation = 0;

  function drop(key: string): void {
    for (const { id } of lists.get(key) ?? []) keyOf.delete(id);
    lists.delete(key);
  }

  const unsubscribe = changeFeed.subscribe({
    onChange({ table, id }) {
      if (table !== "connections") return;
      generation += 1;
      const key = keyOf.get(id);
      if (key !== undefined) drop(key);
    },
    onReset() {
      generation += 1;
      lists.clear();
      keyOf.clear();
    },
  });

  function keep(key: string, list: readonly ResolvedConnection[]): void {
    drop(key);
    if (list.length === 0) return;
    lists.set(key, list);
    for (const { id } of list) keyOf.set(id, key);
    const [oldest] = lists.keys();
    if (lists.size > maxEntries && oldest !== undefined) drop(oldest);
  }

  async function read(key: string, scope: UserScope, integrationId: string) {
    const startedAt = generation;
    const owned = await connections.list(scope, { integrationId });
    const list = owned.map(({ id, externalId, status }) => ({ id, externalId, status }));
    if (changeFeed.isLive && generation === startedAt) keep(key, list);
    return list;
  }

  return {
    resolve(scope, integrationId, selector) {
      const key = `${scope.projectId}:${scope.userId}:${integrationId}`;
      const list = changeFeed.isLive ? lists.get(key) : undefined;
      const found = list && selectConnection(list, selector);
      if (found?.status === "VALID") return found;
      return read(key, scope, integrationId).then((owned) => selectConnection(owned, selector));
    },
    close() {
      unsubscribe();
      lists.clear();
      keyOf.clear();
    },
  };
}
