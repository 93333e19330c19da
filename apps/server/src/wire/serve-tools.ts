import type { ConnectionStore } from "@tenon/connections";
import type { Action, Connector } from "@tenon/connector";
import { type EndpointInput, wireTools as wire } from "@tenon/contract";
import { chooseConnection } from "../accounts/choose-connection.ts";
import type { RunAction } from "../accounts/run-action.ts";
import { httpError } from "../http/errors.ts";
import type { Caller } from "../identity/callers.ts";
import type { ProjectView } from "../identity/project-directory.ts";
import { toJsonSchema } from "../to-json-schema.ts";
import { findIntegration, requireActive } from "./find-integration.ts";
import type { ServeUser, UserRequest } from "./serve-user.ts";
import { toParameters } from "./to-parameters.ts";

interface Services {
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
  runAction: RunAction;
}

/** Serves actions one at a time, as Paragon's ActionKit does. */
export function serveTools(serve: ServeUser, services: Services): void {
  for (const endpoint of [wire.listTools, wire.listActions] as const) {
    serve(endpoint, async ({ query }, { caller }) => listTools(services, caller, query));
  }
  for (const endpoint of [wire.runTool, wire.runAction] as const) {
    serve(endpoint, async (input, exchange) => runTool(services, input, exchange));
  }
}

type Query = EndpointInput<typeof wire.listTools>["query"];

async function listTools(services: Services, { view, user }: Caller, query: Query) {
  const { format, integrations, limit_to_available: onlyAvailable } = query;
  const asked = integrations?.split(",").filter((type) => type !== "");
  const owned = await services.connections.list({ projectId: view.project.id, userId: user.id });
  const usable = new Set(
    owned.filter(({ status }) => status === "VALID").map(({ connectorId }) => connectorId),
  );
  const offered = activeConnectors(services, view).filter(
    ({ id }) => (asked?.includes(id) ?? true) && (!onlyAvailable || usable.has(id)),
  );
  const missing = (asked ?? []).filter((type) => !offered.some(({ id }) => id === type));
  return {
    actions: Object.fromEntries(
      offered.map(({ id, actions }) => [
        id,
        actions.map(format === "paragon" ? toParagonTool : toFunctionTool),
      ]),
    ),
    errors: missing.map((integration) => ({
      integration,
      message: view.integrations.has(integration)
        ? "Integration not enabled for user."
        : `The project has no integration "${integration}".`,
    })),
  };
}

function activeConnectors({ connectors }: Services, { integrations }: ProjectView): Connector[] {
  return [...integrations.values()].flatMap(({ isActive, connectorId }) => {
    const connector = connectors.get(connectorId);
    return isActive && connector ? [connector] : [];
  });
}

function toFunctionTool({ intent, title, summary, input }: Action): Record<string, unknown> {
  const { $schema: _dialect, ...parameters } = toJsonSchema(input, "input");
  const description = `${title}. ${summary}`;
  return { type: "function", function: { name: intent, description, parameters } };
}

function toParagonTool({ intent, title, summary, input }: Action): Record<string, unknown> {
  return { name: intent, title, description: summary, inputs: toParameters(input) };
}

async function runTool(
  services: Services,
  { body, headers }: EndpointInput<typeof wire.runTool>,
  { caller, reply }: UserRequest,
): Promise<unknown> {
  const { view, user } = caller;
  const { connector, action } = findTool(services, view, body.action);
  const integration = findIntegration(view, connector.id);
  requireActive(integration);
  const connection = await chooseConnection(services.connections, {
    projectId: view.project.id,
    userId: user.id,
    integrationId: integration.id,
    type: connector.id,
    selector: headers["x-paragon-credential"],
  });
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  const output = await services.runAction({
    projectId: view.project.id,
    account: { connector, connectionId: connection.id },
    action,
    parameters: body.parameters,
    // A read that nobody waits for any more ends; a write under way is not broken off.
    signal: action.effect === "read" ? gone.signal : new AbortController().signal,
  });
  return output ?? null;
}

function findTool({ connectors }: Services, view: ProjectView, intent: string) {
  for (const type of view.integrations.keys()) {
    const connector = connectors.get(type);
    const action = connector?.actions.find((one) => one.intent === intent);
    if (connector && action) return { connector, action };
  }
  throw httpError("action_not_found", `No integration of the project has an action "${intent}".`);
}
