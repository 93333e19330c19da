import {
  ChangeCache,
  type ChangeFeed,
  type Connection,
  type ConnectionStore,
} from "@tenon/connections";
import type { WorkflowUser } from "./enrollments.ts";

/**
 * A user's connections of one integration with their configurations, in memory.
 *
 * - A list goes when something on it changes. What is made later is on no list: only use what is
 *   held where that could not change the answer, and `reload` before refusing.
 */
export interface Accounts {
  peek(user: WorkflowUser, integrationId: string): readonly Connection[] | undefined;
  reload(user: WorkflowUser, integrationId: string): Promise<readonly Connection[]>;
  /** After a change of this process's own, of a connection or of a configuration. */
  forget(id: string): void;
  close(): void;
}

const tables = new Set(["connections", "configurations"]);

export function createAccounts(connections: ConnectionStore, feed: ChangeFeed): Accounts {
  const cache = new ChangeCache<readonly Connection[]>({
    feed,
    tagOf: ({ table, id }) => (tables.has(table) ? id : undefined),
    tags: (list) => list.flatMap(({ id, configurations }) => [id, ...configurations.map(idOf)]),
  });
  const keyOf = ({ projectId, id }: WorkflowUser, integrationId: string) =>
    `${projectId} ${id} ${integrationId}`;
  return {
    peek: (user, integrationId) => cache.peek(keyOf(user, integrationId)),
    reload: (user, integrationId) =>
      cache.reload(keyOf(user, integrationId), () =>
        connections.list({ projectId: user.projectId, userId: user.id }, { integrationId }),
      ),
    forget: (id) => cache.drop(id),
    close: () => cache.close(),
  };
}

function idOf({ id }: { id: string }): string {
  return id;
}
