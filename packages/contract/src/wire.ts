import * as z from "zod";
import { UserMeta, UserMetaChange } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";
import { jsonText } from "./json-text.ts";

/**
 * The endpoints that the Paragon SDK calls with a user token, in its words: a connection is a
 * "credential" there. Shapes: docs/decisions/0002-the-sdk-wire-is-the-api.md.
 */
const inProject = z.object({ projectId: z.uuid() });

/** Picks one of the user's connections. */
const credentialHeader = z.object({
  "x-paragon-credential": z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: "A connection's id, its externalId, or `ext:` and its externalId." }),
});

export const CredentialConfiguration = z.object({
  id: z.uuid(),
  dateCreated: z.iso.datetime(),
  dateUpdated: z.iso.datetime(),
  connectCredentialId: z.uuid(),
  workflowSettings: z.record(z.string(), z.unknown()),
  sharedSettings: z.record(z.string(), z.unknown()),
  configMeta: z.record(z.string(), z.unknown()),
  externalId: z.string().optional(),
  isDefault: z.boolean(),
});

export const Credential = z.object({
  id: z.uuid(),
  projectId: z.uuid(),
  integrationId: z.uuid(),
  personaId: z.uuid(),
  externalId: z.string().optional(),
  status: z.enum(["VALID", "INVALID"]),
  providerId: z.string(),
  providerData: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  configurations: z.array(CredentialConfiguration),
  isPreviewCredential: z.boolean(),
  dateCreated: z.iso.datetime(),
  dateUpdated: z.iso.datetime(),
  dateRefreshed: z.iso.datetime(),
  dateValidUntil: z.iso.datetime().optional(),
  refreshFailureCount: z.int(),
});
export type Credential = z.output<typeof Credential>;

export const UserIntegration = z.object({
  enabled: z.boolean(),
  credentialId: z.uuid().optional(),
  credentialStatus: z.enum(["VALID", "INVALID"]).optional(),
  credentialConfigId: z.uuid().optional(),
  providerId: z.string().optional(),
  providerData: Credential.shape.providerData.optional(),
  sharedSettings: z.record(z.string(), z.unknown()).optional(),
  workflowSettings: z.record(z.string(), z.unknown()).optional(),
  configuredWorkflows: z.record(z.string(), z.unknown()).optional(),
  configMeta: z.record(z.string(), z.unknown()).optional(),
  externalId: z.string().optional(),
  allCredentials: z.array(Credential),
});
export type UserIntegration = z.output<typeof UserIntegration>;

export const User = z.object({
  authenticated: z.literal(true),
  userId: z.string(),
  meta: UserMeta,
  resources: z.array(z.never()),
  project: z.object({
    id: z.uuid(),
    billingPlan: z.string(),
    accessibleFeatures: z.array(z.string()),
  }),
  integrations: z.record(z.string(), UserIntegration),
});

export const getUser = defineEndpoint({
  id: "getUser",
  method: "GET",
  path: "/projects/{projectId}/sdk/me",
  summary: "The connected user with the state of each integration",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  response: User,
});

export const updateUser = defineEndpoint({
  id: "updateUser",
  method: "PATCH",
  path: "/projects/{projectId}/sdk/me",
  summary: "Merge metadata into the connected user",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  body: z.object({
    meta: UserMetaChange,
  }),
  response: User,
});

export const ConnectIntegration = z.object({
  id: z.uuid(),
  dateCreated: z.iso.datetime(),
  dateUpdated: z.iso.datetime(),
  projectId: z.uuid(),
  type: z.string(),
  name: z.string(),
  brandColor: z.string(),
  isActive: z.boolean(),
  authenticationType: z.string(),
  needPreOauthInputs: z.boolean(),
  hasCredential: z.boolean(),
  connectedUserLimitOnDevCred: z.int(),
  connectedUserLimitReached: z.boolean(),
  configs: z.array(z.record(z.string(), z.unknown())),
  workflows: z.array(
    z.object({
      id: z.uuid(),
      dateCreated: z.iso.datetime(),
      dateUpdated: z.iso.datetime(),
      description: z.string().meta({ description: "The workflow's title." }),
      projectId: z.uuid(),
      integrationId: z.uuid(),
      isOnboardingWorkflow: z.boolean(),
      steps: z.array(z.unknown()),
    }),
  ),
  noPermissionWorkflows: z
    .array(z.uuid())
    .meta({ description: "Workflows that the user's metadata does not permit." }),
  sdkIntegrationConfig: z.record(z.string(), z.unknown()),
});

export const getIntegrations = defineEndpoint({
  id: "getIntegrations",
  method: "GET",
  path: "/projects/{projectId}/sdk/integrations",
  summary: "The project's integrations as the SDK and the portal show them",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  response: z.array(ConnectIntegration),
});

export const getMetadata = defineEndpoint({
  id: "getMetadata",
  method: "GET",
  path: "/projects/{projectId}/sdk/metadata",
  summary: "Type, name, brand colour and icon of each active integration",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  response: z.array(
    z.object({ type: z.string(), name: z.string(), brandColor: z.string(), icon: z.string() }),
  ),
});

export const getCredentials = defineEndpoint({
  id: "getCredentials",
  method: "GET",
  path: "/projects/{projectId}/sdk/credentials",
  summary: "The user's connections; with `integration`, the chosen connection of that integration",
  description:
    "Access tokens are never part of the answer: `includeAccountAuth` is accepted and changes nothing.",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  query: z.object({
    integration: z.string().optional(),
    includeAccountAuth: z.string().optional(),
  }),
  headers: credentialHeader,
  response: z.union([z.array(Credential), Credential]),
  errors: ["integration_not_found", "connection_not_found"],
});

const credentialParams = inProject.extend({ credentialId: z.string().min(1).max(500) });

export const getCredential = defineEndpoint({
  id: "getCredential",
  method: "GET",
  path: "/projects/{projectId}/sdk/credentials/{credentialId}",
  summary: "One of the user's connections",
  tag: "SDK",
  auth: "userToken",
  params: credentialParams,
  response: Credential,
  errors: ["connection_not_found"],
});

export const completeInstall = defineEndpoint({
  id: "completeInstall",
  method: "POST",
  path: "/projects/{projectId}/sdk/credentials",
  summary: "Connect with an authorization code that the customer's own redirect page received",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  body: z.looseObject({
    integrationId: z.uuid(),
    code: z.string().min(1).max(4096),
    redirectUrl: z.url().optional(),
  }),
  response: Credential,
  errors: ["integration_not_found", "authorization_failed"],
});

export const disconnect = defineEndpoint({
  id: "disconnect",
  method: "DELETE",
  path: "/projects/{projectId}/sdk/integrations/{integrationId}",
  summary: "Disconnect an account and revoke its token at the provider",
  tag: "SDK",
  auth: "userToken",
  params: inProject.extend({ integrationId: z.uuid() }),
  headers: credentialHeader,
  response: z.object({
    revoked: z.boolean().meta({ description: "Whether the provider confirmed the revocation." }),
    message: z.string().optional(),
  }),
  errors: ["integration_not_found", "connection_not_found"],
});

/** What the SDK sends as `installOptions`; what it does not know is left alone. */
export const InstallOptions = z.looseObject({
  allowMultipleCredentials: z.boolean().optional(),
  selectedCredentialId: z.string().min(1).max(500).optional(),
  externalId: z.string().min(1).max(500).optional(),
});
export type InstallOptions = z.output<typeof InstallOptions>;

export const buildOauth = defineEndpoint({
  id: "buildOauth",
  method: "GET",
  path: "/v2/projects/{projectId}/sdk/actions/build-oauth",
  summary: "Start a provider sign-in: answers the provider's authorize URL",
  tag: "SDK",
  auth: "userToken",
  params: inProject,
  query: z.object({
    action: z.string(),
    installOptions: jsonText(InstallOptions).default({}),
    oauthMetaKeyId: z.string().min(1).max(100).optional(),
    originForPostMessage: z.string().max(500).optional(),
    redirectUrl: z.string().max(2000).optional(),
  }),
  response: z.object({ redirectUrl: z.string() }),
  errors: [
    "integration_not_found",
    "integration_inactive",
    "app_credentials_missing",
    "origin_not_allowed",
  ],
});

const sessionParams = inProject.extend({ sessionKey: z.string().min(1).max(100) });

export const getSession = defineEndpoint({
  id: "getSession",
  method: "GET",
  path: "/projects/{projectId}/sdk/actions/session-id/{sessionKey}",
  summary: "The connection that a sign-in led to; `{}` until then",
  tag: "SDK",
  auth: "userToken",
  params: sessionParams,
  response: z.object({ connectCredentialId: z.uuid().optional() }),
});

export const deleteSession = defineEndpoint({
  id: "deleteSession",
  method: "DELETE",
  path: "/projects/{projectId}/sdk/actions/session-id/{sessionKey}",
  summary: "Forget a sign-in's session key",
  tag: "SDK",
  auth: "userToken",
  params: sessionParams,
  response: z.object({}),
});

export const getPortal = defineEndpoint({
  id: "getPortal",
  method: "GET",
  path: "/projects/{projectId}/sdk/portal",
  summary: "What the Connect Portal needs to show, and whether the page around it may show it",
  tag: "Portal",
  auth: "userToken",
  params: inProject,
  query: z.object({ origin: z.string().max(500) }),
  response: z.object({
    allowed: z.boolean(),
    project: z.object({ title: z.string() }),
    integrations: z.record(
      z.string(),
      z.object({
        title: z.string(),
        description: z.string(),
        overview: z.string().optional(),
        accentColor: z.string().optional(),
      }),
    ),
  }),
});

export const getLatestAuthorization = defineEndpoint({
  id: "getLatestAuthorization",
  method: "GET",
  path: "/projects/{projectId}/sdk/portal/authorizations/latest",
  summary: "How the user's newest sign-in of an integration stands",
  tag: "Portal",
  auth: "userToken",
  params: inProject,
  query: z.object({ integration: z.string(), since: z.iso.datetime() }),
  response: z.object({
    authorization: z
      .object({
        id: z.uuid(),
        status: z.enum(["pending", "exchanging", "connected", "denied", "failed"]),
        failure: z.object({ code: z.string(), message: z.string() }).nullable(),
      })
      .nullable(),
  }),
  errors: ["integration_not_found"],
});

export const wireEndpoints = [
  getUser,
  updateUser,
  getIntegrations,
  getMetadata,
  getCredentials,
  getCredential,
  completeInstall,
  disconnect,
  buildOauth,
  getSession,
  deleteSession,
  getPortal,
  getLatestAuthorization,
] as const;
