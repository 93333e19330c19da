import type { ConnectionStore } from "@tenon/connections";
import type { Connector } from "@tenon/connector";
import { type EndpointOutput, management, wire } from "@tenon/contract";
import type { ConnectedUser, ConnectedUserStore } from "@tenon/postgres";
import type { Enrollments } from "@tenon/runtime";
import { isAllowedOrigin } from "../identity/allowed-origins.ts";
import type { Caller, Callers } from "../identity/callers.ts";
import type { ProjectView } from "../identity/project-directory.ts";
import type { ServeUser } from "./serve-user.ts";
import { toUser } from "./serve-workflows.ts";
import { toConnectIntegration } from "./to-connect-integration.ts";
import { toUserIntegration } from "./to-wire.ts";

interface Services {
  connectors: ReadonlyMap<string, Connector>;
  connections: ConnectionStore;
  enrollments: Enrollments;
  users: ConnectedUserStore;
  callers: Callers;
  /** The server's public URL. */
  url: string;
}

/** Serves what the SDK and the portal read of the user and the project's integrations. */
export function serveUsers(serve: ServeUser, services: Services): void {
  const { connectors, connections, enrollments, users, callers, url } = services;

  serve(wire.getUser, async (_input, { caller }) => {
    await users.touch(caller.user.id);
    return readUser(connections, caller, caller.user);
  });

  serve(wire.updateUser, async ({ body }, { caller }) => {
    const updated = await users.mergeMeta(caller.user.id, body.meta);
    callers.forget(updated.id);
    await enrollments.metadataChanged(updated.projectId, updated.id);
    return readUser(connections, caller, updated);
  });

  serve(wire.getIntegrations, async (_input, { caller }) => {
    const { view, user } = caller;
    const [connected, offered] = await Promise.all([
      connections.list({ projectId: view.project.id, userId: user.id }),
      enrollments.offered(toUser(caller)),
    ]);
    return supported(view, connectors).map(([integration, connector]) =>
      toConnectIntegration({
        integration,
        connector,
        hasCredential: connected.some((one) => one.integrationId === integration.id),
        offered: offered.get(integration.id) ?? { inputs: [], workflows: [], notPermitted: [] },
      }),
    );
  });

  serve(wire.getMetadata, async (_input, { caller: { view } }) =>
    supported(view, connectors)
      .filter(([integration]) => integration.isActive)
      .map(([, connector]) => ({
        type: connector.id,
        name: connector.title,
        brandColor: connector.brandColor,
        icon: `${url}/integrations/${connector.id}.svg`,
      })),
  );

  serve(wire.getPortal, async ({ query }, { caller: { view } }) => ({
    allowed: isAllowedOrigin(query.origin, view.project.allowedOrigins),
    project: { title: view.project.title },
    integrations: Object.fromEntries(
      supported(view, connectors).map(([integration, connector]) => [
        connector.id,
        {
          title: connector.title,
          description: connector.description,
          ...management.PortalTexts.parse(integration.portal),
        },
      ]),
    ),
  }));
}

/** The project's integrations whose connector this Tenon has. */
function supported(view: ProjectView, connectors: ReadonlyMap<string, Connector>) {
  return [...view.integrations.values()].flatMap((integration) => {
    const connector = connectors.get(integration.connectorId);
    return connector ? [[integration, connector] as const] : [];
  });
}

async function readUser(
  connections: ConnectionStore,
  { view }: Caller,
  user: ConnectedUser,
): Promise<EndpointOutput<typeof wire.getUser>> {
  const all = await connections.list({ projectId: view.project.id, userId: user.id });
  const integrations = [...view.integrations.values()].map((integration) => [
    integration.connectorId,
    toUserIntegration(all.filter((one) => one.integrationId === integration.id)),
  ]);
  return {
    authenticated: true,
    userId: user.externalId,
    meta: user.meta,
    resources: [],
    project: { id: view.project.id, billingPlan: "enterprise", accessibleFeatures },
    integrations: Object.fromEntries(integrations),
  };
}

/** Every feature the SDK knows: nothing is gated. */
const accessibleFeatures = [
  "byo",
  "dfm",
  "headless-cp",
  "th-api",
  "monitoring",
  "rbac",
  "user-metadata",
  "whitelabel",
  "workflow-permissions",
];
