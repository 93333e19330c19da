import * as z from "zod";
import { notionAction } from "../notion-action.ts";
import { BotUser, readBot } from "../people/users.ts";
import { resultOf } from "../schemas.ts";

export const getBotUser = notionAction({
  id: "get-bot-user",
  intent: "NOTION_GET_BOT_USER",
  title: "Get Bot User",
  summary: "Reads the bot that the connection acts as, its owner and the workspace's limits.",
  effect: "read",
  input: z.object({}),
  output: resultOf(BotUser),

  async run({ client }) {
    return { result: await readBot(client) };
  },
});
