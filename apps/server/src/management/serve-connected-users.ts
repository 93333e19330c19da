import type { Connection, ConnectionStore } from "@tenon/connections";
import { connectedUsers as api } from "@tenon/contract";
import type { ConnectedUserList, ConnectedUserStore } from "@tenon/postgres";
import type { Enrollments, OfferedWorkflow, OfferedWorkflows } from "@tenon/runtime";
import { WorkflowState } from "@tenon/runtime";
import type * as z from "zod";
import { requireUser } from "./require-user.ts";
import type { ServeInProject } from "./with-api-key.ts";

interface Services {
  users: ConnectedUserStore;
  userList: ConnectedUserList;
  connections: ConnectionStore;
  enrollments: Enrollments;
}

/** Serves the project's connected users, their accounts, and which workflows run for them. */
export function serveConnectedUsers(serve: ServeInProject, services: Services): void {
  const { users, userList, connections, enrollments } = services;

  serve(api.listUsers, async ({ query }, { id }) => {
    const page = await userList.list(id, query);
    return { users: page.users.map(toListed), nextCursor: page.nextCursor ?? null };
  });

  serve(api.getConnectedUser, async ({ params }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const owned = await connections.list({ projectId: id, userId: user.id });
    return {
      userId: user.externalId,
      meta: user.meta,
      dateCreated: user.createdAt.toISOString(),
      connections: owned.map(toUserConnection),
    };
  });

  serve(api.listEnrollments, async ({ params }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const offered = await enrollments.offered(user);
    const owned = await connections.list({ projectId: id, userId: user.id });
    return { enrollments: owned.flatMap((one) => toEnrollments(one, offered)) };
  });

  serve(api.putEnrollment, async ({ params, body }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const { enabled, ...selector } = body;
    const connection = enabled
      ? await enrollments.enable(user, params.workflowId, selector)
      : await enrollments.disable(user, params.workflowId, selector);
    return { enabled, connectionId: connection.id };
  });
}

type ListedUser = Awaited<ReturnType<ConnectedUserList["list"]>>["users"][number];

function toListed(user: ListedUser): api.ConnectedUser {
  return {
    userId: user.externalId,
    meta: user.meta,
    integrations: user.connections.map(({ connectorId, status }) => ({
      integration: connectorId,
      status,
    })),
    dateCreated: user.createdAt.toISOString(),
    dateLastActive: user.lastActiveAt.toISOString(),
  };
}

function toUserConnection(connection: Connection): z.input<typeof api.UserConnection> {
  return {
    id: connection.id,
    integrationId: connection.integrationId,
    integration: connection.connectorId,
    status: connection.status,
    invalidReason: connection.invalidReason,
    externalId: connection.externalId,
    providerId: connection.accountId,
    providerData: connection.providerData,
    dateCreated: connection.createdAt.toISOString(),
  };
}

/** Each workflow of the connection's integration for each of its configurations. */
function toEnrollments(
  connection: Connection,
  offered: ReadonlyMap<string, OfferedWorkflows>,
): z.input<typeof api.Enrollment>[] {
  const { workflows = [], notPermitted = [] } = offered.get(connection.integrationId) ?? {};
  const all = [
    ...workflows.map((workflow) => ({ workflow, permitted: true })),
    ...notPermitted.map((workflow) => ({ workflow, permitted: false })),
  ];
  return connection.configurations.flatMap((configuration) =>
    all.map(({ workflow, permitted }) => ({
      ...toEnrolled(workflow, configuration.workflowSettings[workflow.id]),
      permitted,
      connectionId: connection.id,
      configurationId: configuration.id,
      isDefaultConfiguration: configuration.isDefault,
    })),
  );
}

function toEnrolled({ id, title, integrationId }: OfferedWorkflow, stored: unknown) {
  const state = WorkflowState.safeParse(stored ?? {});
  const { enabled, settings } = state.success ? state.data : { enabled: false, settings: {} };
  return { workflowId: id, title, integrationId, enabled, settings };
}
