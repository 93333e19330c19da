import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { User } from "../people/users.ts";
import { readAll } from "../read-all.ts";
import { resultOf } from "../schemas.ts";

export const listUsers = notionAction({
  id: "list-users",
  intent: "NOTION_LIST_USERS",
  title: "List Users",
  summary: "Lists the people and bots of the workspace. Guests are not among them.",
  effect: "read",
  input: z.object({
    kind: z
      .enum(["everyone", "people", "bots"])
      .default("everyone")
      .meta({ title: "Whom to list" }),
    limit: z.number().int().min(1).max(10_000).default(1_000).meta({ title: "Limit" }),
  }),
  output: resultOf(z.array(User).meta({ title: "Users" })),

  async run({ client, input: { kind, limit } }) {
    // Notion has no filter by kind, so that a limit holds only after all are read.
    const all = kind === "everyone" ? { limit } : {};
    const { items } = await readAll(client, { path: "/v1/users", item: User, ...all });
    const users = items.filter(({ type }) => {
      if (kind === "everyone") return true;
      return kind === "bots" ? type === "bot" : type !== "bot";
    });
    return { result: users.slice(0, limit) };
  },
});
