import type { IntegrationStore } from "@tenon/postgres";
import { httpError } from "../http/errors.ts";

/** Id of the project's integration of a type; throws `integration_not_found`. */
export async function requireIntegrationId(
  integrations: IntegrationStore,
  projectId: string,
  type: string,
): Promise<string> {
  const integration = await integrations.find(projectId, type);
  if (integration) return integration.id;
  throw httpError("integration_not_found", `The project has no integration "${type}".`);
}

/** As {@link requireIntegrationId}, where a type is given at all. */
export async function integrationIdOf(
  integrations: IntegrationStore,
  projectId: string,
  type: string | undefined,
): Promise<string | undefined> {
  return type === undefined ? undefined : requireIntegrationId(integrations, projectId, type);
}
