import { toDashed } from "../ids.ts";
import { NotionError } from "../notion-error.ts";
import type { Connection, Person } from "../store/records.ts";
import type { Call, Route } from "./call.ts";
import { pathId } from "./find-node.ts";
import { paginate, presentList, queryPaging } from "./pagination.ts";
import { presentBot, presentPerson, presentUser } from "./present-user.ts";
import type { View } from "./view.ts";

export const userRoutes: Route[] = [
  { method: "GET", path: "/v1/users", answer: listUsers },
  { method: "GET", path: "/v1/users/me", answer: retrieveSelf },
  { method: "GET", path: "/v1/users/:user_id", answer: retrieveUser },
];

/** The token's own user: a bot, or the person the workspace page acts for. */
function retrieveSelf(call: Call): object {
  const { view } = call;
  const person = view.store.get("people", view.connection.id);
  return person ? presentMember(person, call) : presentBot(view.connection, view);
}

function listUsers(call: Call): object {
  const { view } = call;
  if (view.app.capabilities.users === "none") throw restricted();
  const people = [...view.store.all("people")].filter(
    (person) => person.workspaceId === view.connection.workspaceId,
  );
  const bots = [...view.store.all("connections")].filter(
    ({ workspaceId, revokedTime }) =>
      workspaceId === view.connection.workspaceId && revokedTime === null,
  );
  const { items, next } = paginate([...people, ...bots], queryPaging(call));
  const users = items.map((item) =>
    "appId" in item ? presentListed(item, view) : presentMember(item, call),
  );
  return presentList(users, next?.id, "user");
}

/** People here, unlike people inside other objects, tell whether their address is verified. */
function presentMember(person: Person, { view, instance }: Call): object {
  const isTold = instance.settings.emailVerified && view.app.capabilities.users === "with_email";
  const shown = presentPerson(person, view);
  return isTold ? { ...shown, person: { email: person.email, email_verified: true } } : shown;
}

/** Only the bot that asks is told of in full. */
function presentListed(bot: Connection, view: View): object {
  return bot.id === view.connection.id ? presentBot(bot, view) : presentUser(bot.id, view);
}

function retrieveUser(call: Call): object {
  const { view } = call;
  const id = pathId(call, "user_id");
  if (id === view.connection.id) return presentBot(view.connection, view);
  const person = view.store.get("people", id);
  const isVisible = person?.workspaceId === view.connection.workspaceId;
  if (person && isVisible && view.app.capabilities.users !== "none") {
    return presentMember(person, call);
  }
  throw userNotFound(id, view);
}

function userNotFound(id: string, view: View): NotionError {
  const message =
    `Could not find user with ID: ${toDashed(id)}. Make sure your integration has capabilities ` +
    `to read user information. With those capabilities, only members and guests in the ` +
    `integration's workspace are visible.`;
  const additionalData = { integration_id: view.connection.id };
  return new NotionError([404, "object_not_found"], message, { additionalData });
}

export function restricted(): NotionError {
  const message = "API token does not have access to this resource.";
  return new NotionError([403, "restricted_resource"], message);
}
