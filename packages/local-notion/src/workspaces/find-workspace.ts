import { toDashed } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import type { Person, Workspace } from "../store/records.ts";

export function findWorkspace({ store }: Instance, id: string): Workspace {
  const workspace = store.get("workspaces", toDashed(id));
  if (workspace) return workspace;
  const message = `There is no workspace ${id}. GET /_local/workspaces lists those there are.`;
  throw new NotionError([404, "object_not_found"], message);
}

/** The workspace a request names; the first one when it names none. */
export function workspaceAsked(instance: Instance, id: string | null): Workspace {
  if (id !== null) return findWorkspace(instance, id);
  const first = instance.store.all("workspaces").next().value;
  if (first) return first;
  throw NotionError.validation("There is no workspace; seed one first.");
}

export function peopleOf({ store }: Instance, workspaceId: string): Person[] {
  return [...store.all("people")].filter((person) => person.workspaceId === workspaceId);
}

export function ownerOf(instance: Instance, workspaceId: string): Person | undefined {
  const people = peopleOf(instance, workspaceId);
  return people.find(({ role }) => role === "owner") ?? people[0];
}
