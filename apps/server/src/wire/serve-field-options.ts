import type { ConnectionStore } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { type EndpointInput, wireWorkflows as wire } from "@tenon/contract";
import type { AccountFields } from "../accounts/account-fields.ts";
import { chooseConnection } from "../accounts/choose-connection.ts";
import { findIntegration, requireActive } from "./find-integration.ts";
import type { ServeUser } from "./serve-user.ts";
import { toParameters } from "./to-parameters.ts";

interface Services {
  accountFields: AccountFields;
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
}

/** Serves the choices of pickers, and which triggers an integration has. */
export function serveFieldOptions(serve: ServeUser, services: Services): void {
  const { accountFields, connections, connectors } = services;

  serve(wire.getFieldOptions, async ({ body, headers }, { caller: { view, user } }) => {
    const integration = findIntegration(view, body.action);
    requireActive(integration);
    const connector = connectors.get(integration.connectorId);
    if (!connector) throw new Error(`No connector "${integration.connectorId}" is installed.`);
    const connection = await chooseConnection(connections, {
      projectId: view.project.id,
      userId: user.id,
      integrationId: integration.id,
      type: integration.connectorId,
      selector: headers["x-paragon-credential"],
    });
    const { pageCursor, search } = body.paginationParameters;
    const page = await accountFields.choices(
      { connector, connectionId: connection.id },
      {
        picker: body.sourceKey,
        search: search ?? "",
        // The SDK asks for the first page with 0.
        cursor: typeof pageCursor === "string" && pageCursor !== "" ? pageCursor : undefined,
        input: toInput(body.parameters),
      },
    );
    return {
      output: {
        records: page.choices.map(({ value, label, description }) => ({
          value,
          label,
          ...(description !== undefined && { subtitle: description }),
        })),
        nextPageCursor: page.nextCursor ?? null,
      },
    };
  });

  serve(wire.getTriggers, async ({ query }, { caller: { view } }) => {
    const asked = query.integrations?.split(",").filter((type) => type !== "");
    const types = asked ?? [...view.integrations.keys()];
    const known = types.filter((type) => view.integrations.has(type));
    const errors = types
      .filter((type) => !view.integrations.has(type))
      .map((type) => ({ type, message: `The project has no integration "${type}".` }));
    return {
      triggers: Object.fromEntries(
        known.map((type) => [type, toTriggers(connectors.get(type)?.triggers ?? [])]),
      ),
      ...(errors.length > 0 && { errors }),
    };
  });
}

/** Fixed values by name; the SDK sends nothing else from a form of the portal. */
function toInput(parameters: EndpointInput<typeof wire.getFieldOptions>["body"]["parameters"]) {
  return Object.fromEntries(parameters.map(({ key, source }) => [key, source.value]));
}

function toTriggers(triggers: Connector["triggers"]) {
  return triggers.map(({ intent, title, summary, input }) => ({
    type: intent,
    triggerModel: "WEBHOOK" as const,
    title,
    description: summary,
    parameters: toParameters(input),
  }));
}
