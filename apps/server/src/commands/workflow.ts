import { parseArgs } from "node:util";
import { UsageError } from "./usage.ts";
import type { Command } from "./workflow/command.ts";
import {
  deploy,
  exportWorkflow,
  importWorkflow,
  list,
  problems,
  saveWorkflow,
  undeploy,
} from "./workflow/definition-commands.ts";
import { openClient } from "./workflow/open-client.ts";
import { cancel, follow, history, pause, replay, resume, run } from "./workflow/run-commands.ts";
import { disable, enable, sendEvent } from "./workflow/user-commands.ts";

const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    list,
    export: exportWorkflow,
    import: importWorkflow,
    save: saveWorkflow,
    deploy,
    undeploy,
    problems,
    enable,
    disable,
    event: sendEvent,
    run,
    follow,
    cancel,
    pause,
    resume,
    replay,
    history,
  }),
);

/** `tenon workflow …`: workflows and their runs, over HTTP with an API key. */
export async function workflow([name, ...args]: string[]): Promise<void> {
  const command = commands.get(name ?? "");
  if (!command) {
    const known = [...commands.keys()].join(", ");
    throw new UsageError(
      name === undefined
        ? `Say what to do with workflows: ${known}.`
        : `There is no command "workflow ${name}". There are: ${known}.`,
    );
  }
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const { url, key, project, ...rest } = values;
  const target = (what = "workflow") => {
    const [only, ...others] = positionals;
    if (only === undefined)
      throw new UsageError(`Name the ${what}: tenon workflow ${name} <${what}>.`);
    if (others.length > 0) throw new UsageError(`Name one ${what} at a time.`);
    return only;
  };
  const client = await openClient({ url, key, project });
  const code = await command(client, { target, options: rest });
  if (code !== undefined) process.exitCode = code;
}

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;

const options = {
  url: text,
  key: text,
  project: text,
  json: flag,
  integration: text,
  format: text,
  version: text,
  out: text,
  name: text,
  user: text,
  input: text,
  file: text,
  data: text,
  test: flag,
  follow: flag,
  workflow: text,
  status: text,
  limit: text,
  from: text,
  newest: flag,
} as const;
