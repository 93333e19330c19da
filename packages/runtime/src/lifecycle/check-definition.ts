import type { Connector } from "@tenon/connector";
import {
  Definition,
  findProblems,
  normalizeDefinition,
  type Problem,
  type ProblemContext,
} from "@tenon/workflow";
import { lifecycleError } from "./lifecycle-error.ts";
import { type CheckCode, findCodeProblems } from "./find-code-problems.ts";
import type { DraftDefinition, Workflow } from "./workflow.ts";
import type { ProjectNames } from "./workflow-store.ts";

/** What a workflow may name: its project's things, and what connectors can do. */
export function problemContext(
  workflow: Pick<Workflow, "connectorId" | "integrationId" | "userSettings">,
  names: ProjectNames,
  connectors: ReadonlyMap<string, Connector>,
): ProblemContext {
  const integration = names.integrations.find(({ id }) => id === workflow.integrationId);
  return {
    events: names.events,
    secrets: names.secrets,
    workflowSettings: new Set(workflow.userSettings.map(({ id }) => id)),
    integrationSettings: new Set(integration?.userSettings.map(({ id }) => id)),
    integration: workflow.connectorId,
    findAction: (id, action) => connectors.get(id)?.actions.find((one) => one.id === action),
    findTrigger: (id, trigger) => connectors.get(id)?.triggers.find((one) => one.id === trigger),
    hasIntegration: (id) =>
      connectors.has(id) && names.integrations.some(({ connectorId }) => connectorId === id),
  };
}

/** What is wrong with a draft, its code included. */
export async function findAllProblems(
  draft: DraftDefinition,
  { context, checkCode }: { context: ProblemContext; checkCode: CheckCode },
): Promise<Problem[]> {
  return [...findProblems(draft, context), ...(await findCodeProblems(draft, checkCode))];
}

/** A draft as a definition that runs; throws `workflow_invalid` with all problems. */
export async function toRunnable(
  workflow: Pick<Workflow, "title">,
  draft: DraftDefinition,
  check: { context: ProblemContext; checkCode: CheckCode },
): Promise<Definition> {
  const problems = await findAllProblems(draft, check);
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw invalidWorkflow(workflow, errors);
  return normalizeDefinition(Definition.parse(draft));
}

/** `workflow_invalid`, with what is wrong. */
export function invalidWorkflow({ title }: Pick<Workflow, "title">, problems: readonly Problem[]) {
  const [first] = problems;
  const others = problems.length > 1 ? ` There are ${problems.length - 1} more problems.` : "";
  return lifecycleError(
    "workflow_invalid",
    `The workflow "${title}" cannot run yet. ${first?.message ?? ""}${others}`,
    { details: { problems } },
  );
}
