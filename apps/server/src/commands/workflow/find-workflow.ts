import { type workflowSchemas, workflows } from "@tenon/contract";
import { type ApiClient, ApiError } from "./api-client.ts";

/** The workflow of this id or title. */
export async function findWorkflow(
  client: ApiClient,
  name: string,
): Promise<workflowSchemas.Workflow> {
  const { workflows: all } = await client.call(workflows.listWorkflows);
  const byId = all.find(({ id }) => id === name.toLowerCase());
  if (byId) return byId;
  const [only, ...others] = all.filter(({ title }) => title === name);
  if (only && others.length === 0) return only;
  throw new ApiError(
    only
      ? `${others.length + 1} workflows are called "${name}". Name one by its id.`
      : `There is no workflow "${name}". \`tenon workflow list\` shows them.`,
  );
}
