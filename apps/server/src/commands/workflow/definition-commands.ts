import { writeFile } from "node:fs/promises";
import { type workflowSchemas, workflows } from "@tenon/contract";
import * as z from "zod";
import { UsageError } from "../usage.ts";
import type { Command } from "./command.ts";
import { findWorkflow } from "./find-workflow.ts";
import { printJson, printTable } from "./print-table.ts";
import { readDocument } from "./read-json.ts";

export const list: Command = async (client, { options }) => {
  const answer = await client.call(workflows.listWorkflows, {
    query: { integration: options.integration },
  });
  if (options.json) return printJson(answer.workflows);
  printTable(
    ["ID", "INTEGRATION", "LIVE", "TITLE"],
    answer.workflows.map((one) => [one.id, one.integration, toLive(one), one.title]),
  );
};

export const exportWorkflow: Command = async (client, { target, options }) => {
  const { id } = await findWorkflow(client, target());
  const document = await client.call(workflows.exportWorkflow, {
    params: { workflowId: id },
    query: { format: toFormat(options.format), versionId: options.version },
  });
  // Beside the document: it may go into a pipe. Paragon's form tells in it what did not come along.
  const { notes = [] } = Noted.safeParse(document).data ?? {};
  for (const note of notes) console.error(note);
  if (options.out === undefined) return printJson(document);
  await writeFile(options.out, `${JSON.stringify(document, null, 2)}\n`);
};

/** Puts a definition, or that of an exported workflow, into the draft of one that exists. */
export const saveWorkflow: Command = async (client, { target, options }) => {
  const name = target();
  if (options.file === undefined) throw new UsageError("Name the file with --file <file or ->.");
  const definition = toDefinition(await readDocument(options.file));
  const { id, title } = await findWorkflow(client, name);
  const params = { workflowId: id };
  const { revision } = await client.call(workflows.getDraft, { params });
  const draft = await client.call(workflows.putDraft, { params, body: { revision, definition } });
  if (options.json) return printJson(draft);
  const count = draft.problems.filter(({ severity }) => severity === "error").length;
  console.log(
    count === 0
      ? `${title} has a new draft: revision ${draft.revision}.`
      : `${title} has a new draft, with ${count} problems: revision ${draft.revision}.`,
  );
};

export const importWorkflow: Command = async (client, { target, options }) => {
  const answer = await client.call(workflows.importWorkflow, {
    body: {
      integration: options.integration ?? "notion",
      document: await readDocument(target("file")),
    },
  });
  if (options.json) return printJson(answer);
  const { workflow, lacks, warnings } = answer;
  console.log(`${workflow.id}  ${workflow.title}`);
  for (const name of lacks.events) console.log(`The project has no app event "${name}" yet.`);
  for (const name of lacks.secrets) console.log(`The project has no secret "${name}" yet.`);
  for (const name of lacks.integrationSettings) {
    console.log(`The integration has no user setting "${name}" yet.`);
  }
  for (const warning of warnings) console.log(warning);
};

export const deploy: Command = async (client, { target, options }) => {
  const { id } = await findWorkflow(client, target());
  const deployed = await client.call(workflows.deployWorkflow, {
    params: { workflowId: id },
    body: { name: options.name },
  });
  if (options.json) return printJson(deployed);
  console.log(`${deployed.title} is live: version ${deployed.deployed?.number}.`);
};

export const undeploy: Command = async (client, { target, options }) => {
  const { id } = await findWorkflow(client, target());
  const stopped = await client.call(workflows.undeployWorkflow, { params: { workflowId: id } });
  if (options.json) return printJson(stopped);
  console.log(`${stopped.title} starts no more runs.`);
};

/** Ends with 1 where something keeps the draft from being deployed. */
export const problems: Command = async (client, { target, options }) => {
  const { id, title } = await findWorkflow(client, target());
  const answer = await client.call(workflows.getProblems, { params: { workflowId: id } });
  if (options.json) printJson(answer.problems);
  else if (answer.problems.length === 0) console.log(`${title} has no problems.`);
  else for (const one of answer.problems) console.log(`${one.severity}: ${one.message}`);
  return answer.problems.some(({ severity }) => severity === "error") ? 1 : 0;
};

function toLive({ deployed }: workflowSchemas.Workflow): string {
  return deployed ? `v${deployed.number}` : "-";
}

function toFormat(format: string | undefined): "tenon" | "paragon" {
  if (format === undefined || format === "tenon") return "tenon";
  if (format === "paragon") return "paragon";
  throw new UsageError(`--format is tenon or paragon, not "${format}".`);
}

const Noted = z.object({ notes: z.array(z.string()) });

const Exported = z.object({ definition: z.record(z.string(), z.unknown()) });
const Bare = z.looseObject({ trigger: z.unknown(), steps: z.unknown() });

/** The definition of a file that holds it alone, or as `export` writes it. */
function toDefinition(document: unknown): Record<string, unknown> {
  const exported = Exported.safeParse(document);
  if (exported.success) return exported.data.definition;
  const bare = Bare.safeParse(document);
  if (bare.success) return bare.data;
  throw new UsageError(
    "The file holds no definition: it has neither `trigger` and `steps` nor a `definition`. " +
      "What Paragon wrote is imported: tenon workflow import <file>.",
  );
}
