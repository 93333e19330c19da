import { sessionTokenOf } from "../api/authenticate.ts";
import { apiVersions } from "../api/version.ts";
import { newUuid, toBare, toDashed } from "../ids.ts";
import type { Instance } from "../instance.ts";
import { NotionError } from "../notion-error.ts";
import { endConnection } from "../oauth/tokens.ts";
import { seedExamplePages } from "../store/seed.ts";
import type { Person, Workspace } from "../store/records.ts";
import { array, object } from "../validate/composites.ts";
import { parseBody } from "../validate/parse.ts";
import { nullable, oneOf, optional, string } from "../validate/scalars.ts";
import type { Infer } from "../validate/schema.ts";
import { findWorkspace, ownerOf, peopleOf, workspaceAsked } from "../workspaces/find-workspace.ts";
import type { ControlCall, ControlRoute } from "./control-route.ts";
import { removeWorkspace } from "../workspaces/remove-workspace.ts";

export const workspaceRoutes: ControlRoute[] = [
  { method: "GET", path: "/_local/workspaces", answer: listWorkspaces },
  { method: "POST", path: "/_local/workspaces", answer: createWorkspace },
  { method: "DELETE", path: "/_local/workspaces/:id", answer: deleteWorkspace },
  { method: "GET", path: "/_local/people", answer: listPeople },
  { method: "POST", path: "/_local/people", answer: addPerson },
  { method: "DELETE", path: "/_local/people/:id", answer: removePerson },
  { method: "GET", path: "/_local/session", answer: session },
];

function listWorkspaces({ instance }: ControlCall): object {
  return [...instance.store.all("workspaces")].map((one) => present(instance, one));
}

function present(instance: Instance, { id, name, icon }: Workspace): object {
  return { id, name, icon, people: peopleOf(instance, id) };
}

const personFields = {
  name: string({ min: 1 }),
  email: string({ min: 3, format: { expects: "an email", accepts: (text) => text.includes("@") } }),
  avatarUrl: optional(nullable(string())),
  role: optional(oneOf(["owner", "member"])),
};
const newPerson = object(personFields);

const workspaceRequest = object({
  name: string({ min: 1 }),
  icon: optional(nullable(string())),
  /** The first is its owner unless another one is; the owner of the first workspace when absent. */
  people: optional(array(newPerson, { min: 1, max: 1_000 })),
  seed: optional(oneOf(["example", "empty"])),
});

/** Makes another workspace, which has nothing in common with those that are there. */
function createWorkspace({ instance, body }: ControlCall): object {
  const request = parseBody(workspaceRequest, body);
  const workspace: Workspace = {
    id: newUuid(),
    name: request.name,
    icon: request.icon ?? null,
    idPrefix: toBare(newUuid()).slice(0, 12),
  };
  const asked = request.people ?? [ownerElsewhere(instance)];
  const people = asked.map((one) => toPerson(workspace.id, one));
  const [first] = people;
  if (first && !people.some(({ role }) => role === "owner")) first.role = "owner";
  instance.store.put("workspaces", workspace);
  for (const person of people) instance.store.put("people", person);
  if (request.seed === "example") seedExamplePages(instance, workspace, people);
  return present(instance, workspace);
}

/** The person at this machine, who is asked for consent under the same address everywhere. */
function ownerElsewhere(instance: Instance): Infer<typeof newPerson> {
  const owner = ownerOf(instance, workspaceAsked(instance, null).id);
  return { name: owner?.name ?? "Ada Acker", email: owner?.email ?? "ada@acme.example" };
}

function toPerson(workspaceId: string, request: Infer<typeof newPerson>): Person {
  const { name, email, avatarUrl = null, role = "member" } = request;
  return { id: newUuid(), workspaceId, name, email, avatarUrl, role };
}

function deleteWorkspace({ instance, params }: ControlCall): object {
  const workspace = findWorkspace(instance, params["id"] ?? "");
  if ([...instance.store.all("workspaces")].length === 1) {
    throw NotionError.validation("This is the only workspace. Make another one first.");
  }
  removeWorkspace(instance, workspace.id);
  return { ok: true };
}

function listPeople({ instance, search }: ControlCall): object {
  const asked = search.get("workspace_id");
  if (asked === null) return [...instance.store.all("people")];
  return peopleOf(instance, findWorkspace(instance, asked).id);
}

const personRequest = object({ ...personFields, workspaceId: optional(string()) });

/** Adds someone to a workspace; to the first one unless told which. */
function addPerson({ instance, body }: ControlCall): object {
  const { workspaceId = null, ...request } = parseBody(personRequest, body);
  const workspace = workspaceAsked(instance, workspaceId);
  const isKnown = peopleOf(instance, workspace.id).some(({ email }) => email === request.email);
  if (isKnown) throw NotionError.validation(`${request.email} is in ${workspace.name} already.`);
  const person = toPerson(workspace.id, request);
  instance.store.put("people", person);
  return person;
}

/** Takes someone out of a workspace: what they let in goes with them, what they wrote stays. */
function removePerson({ instance, params }: ControlCall): object {
  const { store } = instance;
  const person = store.get("people", toDashed(params["id"] ?? ""));
  if (!person) {
    throw new NotionError([404, "object_not_found"], `There is no person ${params["id"]}.`);
  }
  if (peopleOf(instance, person.workspaceId).length === 1) {
    throw NotionError.validation(`${person.name} is the only one in the workspace.`);
  }
  for (const connection of store.all("connections")) {
    if (connection.personId === person.id) endConnection(instance, connection);
  }
  for (const { id, personId } of store.all("codes")) {
    if (personId === person.id) store.remove("codes", id);
  }
  store.remove("people", person.id);
  return { ok: true };
}

/**
 * A token for the workspace page, which acts as a person: the one asked for by `person_id`, else
 * the owner of the workspace asked for by `workspace_id` or of the one that `page_id` is in, else
 * the owner of the first one.
 */
function session({ instance, search }: ControlCall): object {
  const { store } = instance;
  const page = store.get("nodes", toDashed(search.get("page_id") ?? ""));
  const asked = store.get("people", toDashed(search.get("person_id") ?? ""));
  const wanted = asked?.workspaceId ?? page?.workspaceId ?? search.get("workspace_id");
  const workspace = workspaceAsked(instance, wanted);
  const person = asked ?? ownerOf(instance, workspace.id);
  if (!person) throw NotionError.validation(`There is nobody in ${workspace.name}.`);
  const { id, name, email, avatarUrl } = person;
  return {
    token: sessionTokenOf(instance, person),
    notionVersion: apiVersions.at(-1),
    person: { id, name, email, avatarUrl },
    workspace: workspace.name,
    workspaceId: workspace.id,
    workspaces: [...store.all("workspaces")].map((one) => ({
      id: one.id,
      name: one.name,
      icon: one.icon,
    })),
  };
}
