import type { Instance } from "../instance.ts";
import { tokensOf } from "../oauth/tokens.ts";

/** Removes a workspace with all that is in it: pages, people, connections and their tokens. */
export function removeWorkspace(instance: Instance, workspaceId: string): void {
  const { store } = instance;
  const isIn = (record: { workspaceId: string }): boolean => record.workspaceId === workspaceId;
  for (const view of store.all("views")) {
    const database = store.get("nodes", view.databaseId);
    if (!database || !isIn(database)) continue;
    for (const query of store.all("viewQueries")) {
      if (query.viewId === view.id) store.remove("viewQueries", query.id);
    }
    store.remove("views", view.id);
  }
  for (const connection of [...store.all("connections")].filter(isIn)) {
    for (const { id } of tokensOf(instance, connection.id)) store.remove("tokens", id);
    store.remove("connections", connection.id);
  }
  for (const person of [...store.all("people")].filter(isIn)) {
    for (const { id, personId } of store.all("codes")) {
      if (personId === person.id) store.remove("codes", id);
    }
    store.remove("people", person.id);
  }
  for (const table of ["nodes", "comments", "uploads", "tasks"] as const) {
    for (const record of store.all(table)) if (isIn(record)) store.remove(table, record.id);
  }
  store.remove("workspaces", workspaceId);
}
