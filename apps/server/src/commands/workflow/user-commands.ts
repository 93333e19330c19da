import { connectedUsers, starts } from "@tenon/contract";
import { UsageError } from "../usage.ts";
import type { Command } from "./command.ts";
import { findWorkflow } from "./find-workflow.ts";
import { printJson } from "./print-table.ts";
import { readOption } from "./read-json.ts";
import { toPayload } from "./to-payload.ts";

export const enable: Command = enrolling(true);
export const disable: Command = enrolling(false);

/** Sends an app event; prints the runs that it started. */
export const sendEvent: Command = async (client, { target, options }) => {
  const name = target("event");
  const userId = requireUser(options.user);
  const payload = toPayload(await readOption("data", options.data));
  const { runs } = await client.call(starts.sendEvent, {
    params: { userId },
    body: { name, payload },
  });
  if (options.json) return printJson(runs);
  for (const { runId } of runs) console.log(runId);
  if (runs.length > 0) return;
  console.error(
    `Nothing was started: no deployed workflow with the event "${name}" is enabled for "${userId}".`,
  );
};

function enrolling(enabled: boolean): Command {
  return async (client, { target, options }) => {
    const name = target();
    const userId = requireUser(options.user);
    const { id, title } = await findWorkflow(client, name);
    const answer = await client.call(connectedUsers.putEnrollment, {
      params: { userId, workflowId: id },
      body: { enabled },
    });
    if (options.json) return printJson(answer);
    console.log(`${title} is ${enabled ? "enabled" : "disabled"} for ${userId}.`);
  };
}

function requireUser(userId: string | undefined): string {
  if (userId !== undefined) return userId;
  throw new UsageError("Name the connected user: --user <id>.");
}
