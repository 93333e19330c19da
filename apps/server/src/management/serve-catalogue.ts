import type { ConnectionStore } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { catalogue as api } from "@tenon/contract";
import type { ApiKeyStore, ConnectedUserStore, IntegrationStore } from "@tenon/postgres";
import type { FastifyInstance } from "fastify";
import type { Account, AccountFields } from "../accounts/account-fields.ts";
import { chooseConnection } from "../accounts/choose-connection.ts";
import { httpError } from "../http/errors.ts";
import { requireIntegrationId } from "./integration-id.ts";
import { toCatalogue } from "./present-connector.ts";
import { requireUser } from "./require-user.ts";
import { type ServeInProject, withApiKey } from "./with-api-key.ts";

interface Services {
  accountFields: AccountFields;
  connections: ConnectionStore;
  connectors: ReadonlyMap<string, Connector>;
  integrations: IntegrationStore;
  users: ConnectedUserStore;
}

/** Serves what connectors can do. */
export function serveConnectors(
  app: FastifyInstance,
  services: {
    apiKeys: ApiKeyStore;
    connectors: ReadonlyMap<string, Connector>;
    /** The server's public URL. */
    url: string;
  },
): void {
  const serve = withApiKey(app, services.apiKeys);
  // Connectors do not change while the process lives.
  const catalogue = new Map(
    [...services.connectors].map(([id, connector]) => [id, toCatalogue(connector, services.url)]),
  );

  serve(api.listConnectors, async () => ({ connectors: [...catalogue.values()] }));

  serve(api.getConnector, async ({ params }) => {
    const found = catalogue.get(params.type);
    if (found) return found;
    throw noConnector(params.type, services.connectors);
  });
}

/** Serves what forms in the builder ask of a user's account. */
export function serveAccountFields(serve: ServeInProject, services: Services): void {
  serve(api.listChoices, async ({ params, body }, { id }) => {
    const { userId, connection, ...ask } = body;
    const account = await findAccount(services, { ...params, projectId: id, userId, connection });
    const page = await services.accountFields.choices(account, { ...ask, cursor: ask.cursor });
    return { choices: page.choices, nextCursor: page.nextCursor ?? null };
  });

  serve(api.readShape, async ({ params, body }, { id }) => {
    const { userId, connection, ...ask } = body;
    const account = await findAccount(services, { ...params, projectId: id, userId, connection });
    return { schema: await services.accountFields.shape(account, ask) };
  });
}

async function findAccount(
  { connections, connectors, integrations, users }: Services,
  choice: { projectId: string; type: string; userId: string; connection: string | undefined },
): Promise<Account> {
  const { projectId, type } = choice;
  const connector = connectors.get(type);
  if (!connector) throw noConnector(type, connectors);
  const integrationId = await requireIntegrationId(integrations, projectId, type);
  const user = await requireUser(users, projectId, choice.userId);
  const connection = await chooseConnection(connections, {
    projectId,
    userId: user.id,
    integrationId,
    type,
    selector: choice.connection,
  });
  return { connector, connectionId: connection.id };
}

function noConnector(type: string, connectors: ReadonlyMap<string, Connector>): Error {
  const known = [...connectors.keys()].join(", ");
  return httpError(
    "integration_not_found",
    `There is no connector "${type}". This Tenon has: ${known}.`,
  );
}
