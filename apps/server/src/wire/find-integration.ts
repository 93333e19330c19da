import type { Integration } from "@tenon/postgres";
import { httpError } from "../http/errors.ts";
import type { ProjectView } from "../identity/project-directory.ts";

/** The project's integration of a type; throws `integration_not_found`. */
export function findIntegration(view: ProjectView, type: string): Integration {
  const integration = view.integrations.get(type);
  if (integration) return integration;
  const known = [...view.integrations.keys()].join(", ") || "none";
  throw httpError(
    "integration_not_found",
    `The project has no integration "${type}". It has: ${known}.`,
  );
}

/** As {@link findIntegration}, by its id. */
export function findIntegrationById(view: ProjectView, id: string): Integration {
  for (const integration of view.integrations.values()) {
    if (integration.id === id) return integration;
  }
  throw httpError("integration_not_found", `The project has no integration with the id "${id}".`);
}

/** Throws `integration_inactive` where the integration is switched off. */
export function requireActive(integration: Integration): void {
  if (integration.isActive) return;
  throw httpError(
    "integration_inactive",
    `The integration "${integration.connectorId}" is switched off in this project. Switch it on to use it.`,
  );
}
