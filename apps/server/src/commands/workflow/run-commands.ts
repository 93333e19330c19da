import { runs, starts, workflows } from "@tenon/contract";
import * as z from "zod";
import { UsageError } from "../usage.ts";
import { type ApiClient, ApiError } from "./api-client.ts";
import type { Command, CommandOptions } from "./command.ts";
import { findWorkflow } from "./find-workflow.ts";
import { followRun } from "./follow-run.ts";
import { printJson, printTable } from "./print-table.ts";
import { readOption } from "./read-json.ts";
import { toPayload } from "./to-payload.ts";

export const run: Command = async (client, { target, options }) => {
  const name = target();
  const userId = options.user;
  if (userId === undefined) throw new UsageError("Name the user to run it for: --user <id>.");
  const input = await readOption("input", options.input);
  const { id, title, deployed } = await findWorkflow(client, name);
  const started = options.test
    ? await client.call(starts.testWorkflow, {
        params: { workflowId: id },
        body: { account: { userId }, input },
      })
    : await startDeployed(client, { workflowId: id, title, deployed, userId, input });
  return announce(client, started, options);
};

export const replay: Command = async (client, { target, options }) => {
  const { from = "start" } = options;
  if (from !== "start" && from !== "failed") {
    throw new UsageError(`--from is start or failed, not "${from}".`);
  }
  const started = await client.call(runs.replayRun, {
    params: { runId: target("run") },
    body: { version: options.newest ? "newest" : "same", from },
  });
  return announce(client, started, options);
};

export const follow: Command = (client, { target, options }) =>
  followRun(client, target("run"), options);

export const cancel: Command = control(runs.cancelRun);
export const pause: Command = control(runs.pauseRun);
export const resume: Command = control(runs.resumeRun);

export const history: Command = async (client, { options }) => {
  const workflow =
    options.workflow === undefined ? undefined : await findWorkflow(client, options.workflow);
  const answer = await client.call(runs.listRuns, {
    query: {
      workflowId: workflow?.id,
      userId: options.user,
      integration: options.integration,
      status: options.status,
      tests: String(options.test),
      limit: options.limit ?? 20,
    },
  });
  if (options.json) return printJson(answer.runs);
  printTable(
    ["RUN", "STATUS", "USER", "CREATED", "WORKFLOW"],
    answer.runs.map((one) => [one.id, one.status, one.userId, one.dateCreated, one.workflowId]),
  );
};

type ControlEndpoint = typeof runs.cancelRun | typeof runs.pauseRun | typeof runs.resumeRun;

function control(endpoint: ControlEndpoint): Command {
  return async (client, { target, options }) => {
    const answer = await client.call(endpoint, { params: { runId: target("run") } });
    if (options.json) return printJson(answer);
    console.log(answer.status);
  };
}

async function announce(
  client: ApiClient,
  started: { runId: string; status: string },
  options: CommandOptions,
): Promise<number | void> {
  if (!options.follow) return options.json ? printJson(started) : console.log(started.runId);
  if (!options.json) console.log(started.runId);
  return followRun(client, started.runId, options);
}

/** What of a deployed version decides how it is started. */
const Started = z.looseObject({
  trigger: z.looseObject({ type: z.string(), event: z.string().optional() }),
});

interface Start {
  workflowId: string;
  title: string;
  deployed: { versionId: string } | null;
  userId: string;
  input: unknown;
}

/** Starts the live version as its trigger is started: by its event, or by a call. */
async function startDeployed(client: ApiClient, start: Start) {
  const { workflowId, title, deployed, userId, input } = start;
  if (!deployed) {
    throw new ApiError(
      `"${title}" is not deployed. Deploy it (tenon workflow deploy), or run its draft with --test.`,
    );
  }
  const version = await client.call(workflows.getVersion, {
    params: { workflowId, versionId: deployed.versionId },
  });
  const { trigger } = Started.parse(version.definition);
  if (trigger.type === "request") {
    return client.call(starts.startWorkflow, {
      params: { userId, workflowId },
      body: { body: input },
    });
  }
  if (trigger.type === "event" && trigger.event !== undefined) {
    const answer = await client.call(starts.sendEvent, {
      params: { userId },
      body: { name: trigger.event, payload: toPayload(input) },
    });
    const own = answer.runs.find((one) => one.workflowId === workflowId);
    if (own) return own;
    throw new ApiError(
      `The event was sent, but "${title}" is not enabled for "${userId}". Enable it first: ` +
        `tenon workflow enable <workflow> --user <id>.`,
    );
  }
  throw new ApiError(
    `"${title}" starts by "${trigger.type}", which nobody starts by hand. Run its draft with --test.`,
  );
}
