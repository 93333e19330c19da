import { newNodeId } from "../ids.ts";
import type { Instance } from "../instance.ts";
import type { Connection } from "../store/records.ts";

/** The pages and databases at the top of a workspace that are not in the trash. */
export function topLevelIds({ store }: Instance, workspaceId: string): string[] {
  return store.nodes.liveChildrenOf(workspaceId).map(({ id }) => id);
}

/** What a person has granted an app, if the access still holds. */
export function connectionOf(
  { store }: Instance,
  appId: string,
  personId: string,
): Connection | undefined {
  return [...store.all("connections")].find(
    (one) => one.appId === appId && one.personId === personId && one.revokedTime === null,
  );
}

/**
 * Grants an app what a person chose. One person's grants to one app are one connection, with one
 * bot; choosing again replaces the choice.
 */
export function grant(
  instance: Instance,
  choice: { appId: string; personId: string; pageIds: string[] },
): Connection {
  const { store, clock } = instance;
  const { appId, personId, pageIds } = choice;
  const workspaceId = store.get("people", personId)?.workspaceId ?? "";
  const known = connectionOf(instance, appId, personId);
  const now = clock.now();
  const connection: Connection = known
    ? { ...known, shared: pageIds, grantedTime: now }
    : {
        id: newNodeId(store.get("workspaces", workspaceId)?.idPrefix ?? "000000000000"),
        appId,
        workspaceId,
        personId,
        shared: pageIds,
        createdTime: now,
        grantedTime: now,
        revokedTime: null,
      };
  store.put("connections", connection);
  return connection;
}
