import type { Connection, Person } from "../store/records.ts";
import type { View } from "./view.ts";

const uploadLimitBytes = 5_242_880;

/** A person or bot inside another object: in full, except that a bot keeps its owner to itself. */
export function presentUser(id: string, view: View): object {
  if (view.app.capabilities.users === "none") return partialUser(id);
  const person = view.store.get("people", id);
  if (person && person.workspaceId === view.connection.workspaceId) {
    return presentPerson(person, view);
  }
  const bot = view.store.get("connections", id);
  if (!bot || bot.workspaceId !== view.connection.workspaceId) return partialUser(id);
  return { ...botCommon(bot, view), bot: {} };
}

export function partialUser(id: string): object {
  return { object: "user", id };
}

export function presentPerson(person: Person, view: View): object {
  const showsEmail = view.app.capabilities.users === "with_email";
  return {
    object: "user",
    id: person.id,
    name: person.name,
    avatar_url: person.avatarUrl,
    type: "person",
    person: showsEmail ? { email: person.email } : {},
  };
}

/** A bot as `users` endpoints show it: with its owner and workspace. */
export function presentBot(bot: Connection, view: View): object {
  const owner = bot.personId === null ? undefined : view.store.get("people", bot.personId);
  return {
    ...botCommon(bot, view),
    bot: {
      owner: owner
        ? { type: "user", user: presentPerson(owner, view) }
        : { type: "workspace", workspace: true },
      workspace_name: view.store.get("workspaces", bot.workspaceId)?.name ?? null,
      workspace_id: bot.workspaceId,
      workspace_limits: { max_file_upload_size_in_bytes: uploadLimitBytes },
    },
  };
}

function botCommon(bot: Connection, view: View): object {
  const name = view.store.get("apps", bot.appId)?.name ?? null;
  return { object: "user", id: bot.id, name, avatar_url: null, type: "bot" };
}
