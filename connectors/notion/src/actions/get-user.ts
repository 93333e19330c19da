import { AppError, pick } from "@tenon/connector";
import * as z from "zod";
import { parseId } from "../ids.ts";
import { notionAction } from "../notion-action.ts";
import { choosePerson, listPeople, readUser, User } from "../people/users.ts";
import { users } from "../pickers.ts";
import { resultOf } from "../schemas.ts";

export const getUser = notionAction({
  id: "get-user",
  intent: "NOTION_GET_USER_BY_ID",
  title: "Get User",
  summary: "Reads one person or bot of the workspace.",
  effect: "read",
  input: z.object({
    user: pick(users, "User", "An id, or a person's e-mail address or name."),
  }),
  output: resultOf(User),

  async run({ client, input: { user } }) {
    const id = parseId(user);
    if (id !== undefined) return { result: await readUser(client, id) };
    const refuse = (advice: string) =>
      new AppError("invalid_input", 400, `User "${user}" was not found: ${advice}`);
    return { result: choosePerson(await listPeople(client), user, refuse) };
  },
});
