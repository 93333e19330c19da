import * as z from "zod";
import {
  Cursor,
  inProject,
  projectPath,
  queryInt,
  UserId,
  UserMeta,
  UserMetaChange,
} from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";

const shared = { tag: "Connected users", auth: "apiKey" } as const;
const inUser = inProject.extend({ userId: UserId });
const onePath = `${projectPath}/users/{userId}` as const;
const unknown = ["project_not_found", "user_not_found"] as const;

const Settings = z.record(z.string(), z.unknown());

export const UserConfiguration = z
  .object({
    id: z.uuid(),
    externalId: z.string().nullable(),
    isDefault: z.boolean(),
    integrationSettings: Settings.meta({ description: "By the input's id." }),
    workflows: z
      .record(z.string(), z.object({ enabled: z.boolean(), settings: Settings }))
      .meta({ description: "By workflow id: those that were enabled or have settings." }),
  })
  .meta({ id: "UserConfiguration" });

export const UserConnection = z.object({
  id: z.uuid(),
  integrationId: z.uuid(),
  integration: z.string(),
  status: z.enum(["VALID", "INVALID"]),
  invalidReason: z.string().nullable(),
  externalId: z.string().nullable(),
  providerId: z.string(),
  providerData: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  configurations: z.array(UserConfiguration),
  dateCreated: z.iso.datetime(),
});

export const ConnectedUser = z
  .object({
    userId: UserId,
    meta: UserMeta,
    integrations: z
      .array(z.object({ integration: z.string(), status: z.enum(["VALID", "INVALID"]) }))
      .meta({ description: "One for each connection." }),
    dateCreated: z.iso.datetime(),
    dateLastActive: z.iso.datetime(),
  })
  .meta({ id: "ConnectedUser" });
export type ConnectedUser = z.output<typeof ConnectedUser>;

export const listUsers = defineEndpoint({
  ...shared,
  id: "listUsers",
  method: "GET",
  path: `${projectPath}/users`,
  summary: "List connected users, newest first",
  params: inProject,
  query: z.object({
    search: z.string().max(200).default("").meta({
      description: "Found in the user's id, or in the Name or Email of its metadata.",
    }),
    limit: queryInt(1, 100).default(50),
    cursor: Cursor.optional(),
  }),
  response: z.object({ users: z.array(ConnectedUser), nextCursor: z.string().nullable() }),
  errors: ["project_not_found"],
});

const UserWithConnections = z.object({
  userId: UserId,
  meta: UserMeta,
  dateCreated: z.iso.datetime(),
  connections: z.array(UserConnection),
});

/** What keeps a workflow from being enabled. */
const enabling = [
  "workflow_not_found",
  "workflow_not_deployed",
  "workflow_not_offered",
  "workflow_not_permitted",
  "settings_missing",
  "integration_inactive",
] as const;

export const getConnectedUser = defineEndpoint({
  ...shared,
  id: "getConnectedUser",
  method: "GET",
  path: onePath,
  summary: "A connected user with the accounts they connected",
  params: inUser,
  response: UserWithConnections,
  errors: unknown,
});

export const updateConnectedUser = defineEndpoint({
  ...shared,
  id: "updateConnectedUser",
  method: "PATCH",
  path: onePath,
  summary: "Merge metadata into a connected user",
  description:
    "Workflows that it does not permit any more are disabled, and schedules go by the user's new time zone.",
  params: inUser,
  body: z.strictObject({ meta: UserMetaChange }),
  response: UserWithConnections,
  errors: unknown,
});

export const updateUserConnection = defineEndpoint({
  ...shared,
  id: "updateUserConnection",
  method: "PATCH",
  path: `${onePath}/connections/{connectionId}`,
  summary: "Change the settings of a user's connection, and which workflows run with it",
  description:
    "What is left out stays. `integrationSettings` replaces those of the integration, `settings` those of its " +
    "workflow; of a workflow that is not deployed they stay as they are. All of it is done, or nothing.",
  params: inUser.extend({ connectionId: z.uuid() }),
  body: z.strictObject({
    configuration: z.string().min(1).max(500).optional().meta({
      description: "A configuration's id or externalId; without it the default one.",
    }),
    integrationSettings: Settings.optional(),
    workflows: z
      .record(
        z.uuid(),
        z.strictObject({ enabled: z.boolean().optional(), settings: Settings.optional() }),
      )
      .optional()
      .meta({ description: "By workflow id." }),
  }),
  response: UserConnection,
  errors: [
    ...unknown,
    "connection_not_found",
    "configuration_not_found",
    "settings_invalid",
    ...enabling,
    "payload_too_large",
  ],
});

export const Enrollment = z
  .object({
    workflowId: z.uuid(),
    title: z.string(),
    integrationId: z.uuid(),
    connectionId: z.uuid(),
    configurationId: z.uuid(),
    isDefaultConfiguration: z.boolean(),
    permitted: z.boolean().meta({ description: "Whether the user's metadata permits it." }),
    enabled: z.boolean(),
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Enrollment" });

export const listEnrollments = defineEndpoint({
  ...shared,
  id: "listEnrollments",
  method: "GET",
  path: `${onePath}/workflows`,
  summary: "The deployed workflows for each of a user's configurations, enabled or not",
  params: inUser,
  response: z.object({ enrollments: z.array(Enrollment) }),
  errors: unknown,
});

const choice = z
  .strictObject({
    enabled: z.boolean(),
    connection: z.string().min(1).max(500).optional(),
    configuration: z.string().min(1).max(500).optional(),
  })
  .meta({ description: "Without a choice: the default configuration of the oldest valid one." });

export const putEnrollment = defineEndpoint({
  ...shared,
  id: "putEnrollment",
  method: "PUT",
  path: `${onePath}/workflows/{workflowId}`,
  summary: "Enable or disable a workflow for a user",
  params: inUser.extend({ workflowId: z.uuid() }),
  body: choice,
  response: z.object({ enabled: z.boolean(), connectionId: z.uuid() }),
  errors: [...unknown, ...enabling, "connection_not_found", "configuration_not_found"],
});

export const connectedUserEndpoints = [
  listUsers,
  getConnectedUser,
  updateConnectedUser,
  updateUserConnection,
  listEnrollments,
  putEnrollment,
] as const;
