import { type ActionClient, AppError } from "@tenon/connector";
import * as z from "zod";
import { readAll } from "../read-all.ts";

/** A person or bot of the workspace, as far as the connection may know of them. */
export const User = z
  .looseObject({
    object: z.literal("user"),
    id: z.string(),
    name: z.string().nullish(),
    type: z.string().optional(),
    avatar_url: z.string().nullish(),
    person: z.looseObject({ email: z.string().optional() }).optional(),
  })
  .meta({ title: "User" });
export type User = z.output<typeof User>;

/** The bot that a connection acts as, with the workspace's limits. */
export const BotUser = User.extend({
  bot: z
    .looseObject({
      owner: z
        .looseObject({
          type: z.string(),
          user: z.looseObject({ id: z.string() }).optional(),
        })
        .optional(),
      workspace_id: z.string().optional(),
      workspace_name: z.string().nullish(),
      workspace_limits: z
        .looseObject({ max_file_upload_size_in_bytes: z.number().nullish() })
        .optional(),
    })
    .optional(),
});
export type BotUser = z.output<typeof BotUser>;

/** The connection's own user. */
export function readBot(client: ActionClient): Promise<BotUser> {
  return client.request("GET", "/v1/users/me", { returns: BotUser });
}

/** Everyone in the workspace whom the connection may see; bots are left out. */
export async function listPeople(client: ActionClient): Promise<User[]> {
  const { items } = await readAll(client, { path: "/v1/users", item: User });
  return items.filter(({ type }) => type !== "bot");
}

/** One person or bot. */
export function readUser(client: ActionClient, id: string): Promise<User> {
  return client.request("GET", `/v1/users/${id}`, { returns: User });
}

/** The id of the person who connected the account. */
export async function readOwnerId(client: ActionClient): Promise<string> {
  const { bot } = await readBot(client);
  const id = bot?.owner?.user?.id;
  if (id !== undefined) return id;
  throw new AppError(
    "invalid_input",
    400,
    'This connection acts for a workspace, not for a person: "me" names nobody. Write the e-mail address of a member.',
  );
}

/**
 * The one person whom an e-mail address means or, where it is nobody's address, a name. `refuse`
 * makes the error where that is nobody or several.
 */
export function choosePerson(
  people: readonly User[],
  text: string,
  refuse: (advice: string) => Error,
): User {
  const wanted = text.trim().toLowerCase();
  const byMail = people.filter(({ person }) => person?.email?.toLowerCase() === wanted);
  const byName = people.filter(({ name }) => name?.trim().toLowerCase() === wanted);
  const found = byMail.length > 0 ? byMail : byName;
  const [first, second] = found;
  if (first && !second) return first;
  const names = found.map(({ id, person }) => person?.email ?? id).join(", ");
  throw refuse(
    first
      ? `several people are called so: ${names}. Write one of these.`
      : "this connection sees no such person. Write the e-mail address or id of a workspace member.",
  );
}
