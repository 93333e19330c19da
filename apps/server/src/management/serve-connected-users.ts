import type { Configuration, Connection, ConnectionStore } from "@tenon/connections";
import { connectedUsers as api } from "@tenon/contract";
import type { ConnectedUser, ConnectedUserList, ConnectedUserStore } from "@tenon/postgres";
import type { Enrollments, OfferedWorkflow, OfferedWorkflows } from "@tenon/runtime";
import { WorkflowState } from "@tenon/runtime";
import type * as z from "zod";
import type { Callers } from "../identity/callers.ts";
import { requireUser } from "./require-user.ts";
import type { ServeInProject } from "./with-api-key.ts";

interface Services {
  users: ConnectedUserStore;
  userList: ConnectedUserList;
  connections: ConnectionStore;
  enrollments: Enrollments;
  callers: Callers;
}

/** Serves the project's connected users, their accounts, and which workflows run for them. */
export function serveConnectedUsers(serve: ServeInProject, services: Services): void {
  const { users, userList, connections, enrollments, callers } = services;

  serve(api.listUsers, async ({ query }, { id }) => {
    const page = await userList.list(id, query);
    return { users: page.users.map(toListed), nextCursor: page.nextCursor ?? null };
  });

  serve(api.getConnectedUser, async ({ params }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    return toUser(user, await connections.list({ projectId: id, userId: user.id }));
  });

  serve(api.updateConnectedUser, async ({ params, body }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const updated = await users.mergeMeta(user.id, body.meta);
    callers.forget(updated.id);
    await enrollments.metadataChanged(id, user.id);
    return toUser(updated, await connections.list({ projectId: id, userId: user.id }));
  });

  serve(api.updateUserConnection, async ({ params, body }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const { connectionId } = params;
    const { configuration, integrationSettings: sharedSettings, workflows } = body;
    const change = { sharedSettings, workflowSettings: workflows };
    const target = { connectionId, configuration };
    return toUserConnection(await enrollments.changeSettings(user, target, change));
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

function toUser(user: ConnectedUser, owned: readonly Connection[]) {
  return {
    userId: user.externalId,
    meta: user.meta,
    dateCreated: user.createdAt.toISOString(),
    connections: owned.map(toUserConnection),
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
    configurations: connection.configurations.map(toConfiguration),
    dateCreated: connection.createdAt.toISOString(),
  };
}

function toConfiguration(configuration: Configuration): z.input<typeof api.UserConfiguration> {
  const { id, externalId, isDefault, sharedSettings, workflowSettings } = configuration;
  const states = Object.entries(workflowSettings).map(([one, stored]) => [one, toState(stored)]);
  return {
    id,
    externalId,
    isDefault,
    integrationSettings: sharedSettings,
    workflows: Object.fromEntries(states),
  };
}

/** How a workflow stands by what is stored of it: nothing, or another form, counts as off. */
function toState(stored: unknown): WorkflowState {
  return WorkflowState.safeParse(stored).data ?? { enabled: false, settings: {} };
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
  return { workflowId: id, title, integrationId, ...toState(stored) };
}
