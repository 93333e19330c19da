import * as z from "zod";
import { defineEndpoint } from "./endpoint.ts";

/**
 * An origin that may show the portal and sign its users in: `https://app.example.com`,
 * `https://*.example.com`, or any port by `http://localhost:*`.
 */
export const AllowedOrigin = z
  .string()
  .regex(/^https?:\/\/(\*\.)?[a-z0-9.-]+(:(\d{1,5}|\*))?$/, {
    error:
      "must be an origin such as https://app.example.com, https://*.example.com or http://localhost:*",
  })
  .meta({
    description: "Scheme, host (a leading `*.` for subdomains) and optional port (`*` for any).",
  });

const projectId = z.uuid().meta({ description: "The Project ID." });
const inProject = z.object({ projectId });

/** How runs of a project's workflows are limited and kept; null or left out: as the operator set. */
export const RunPolicy = z.object({
  perProject: z
    .int()
    .min(1)
    .max(100_000)
    .nullish()
    .meta({ description: "Runs at a time in the whole project." }),
  perUser: z
    .int()
    .min(1)
    .max(100_000)
    .nullish()
    .meta({ description: "Runs at a time of one connected user." }),
  historyDays: z
    .int()
    .min(1)
    .max(3_650)
    .nullish()
    .meta({ description: "Days that finished runs are kept for. Default 90." }),
});

export const Project = z.object({
  id: projectId,
  title: z.string(),
  allowedOrigins: z.array(z.string()),
  runPolicy: RunPolicy,
  dateCreated: z.iso.datetime(),
});
export type Project = z.output<typeof Project>;

const projectFields = {
  title: z.string().trim().min(1).max(200),
  allowedOrigins: z.array(AllowedOrigin).max(100),
};

export const listProjects = defineEndpoint({
  id: "listProjects",
  method: "GET",
  path: "/api/projects",
  summary: "List the projects this API key can see",
  tag: "Projects",
  auth: "apiKey",
  response: z.object({ projects: z.array(Project) }),
});

export const createProject = defineEndpoint({
  id: "createProject",
  method: "POST",
  path: "/api/projects",
  summary: "Create a project",
  description:
    "Needs an API key of the instance. `id` may be given so that a product keeps the Project ID it already uses.",
  tag: "Projects",
  auth: "apiKey",
  body: z.strictObject({
    id: projectId.optional(),
    title: projectFields.title,
    allowedOrigins: projectFields.allowedOrigins.default([]),
  }),
  status: 201,
  response: Project,
  errors: ["conflict"],
});

export const getProject = defineEndpoint({
  id: "getProject",
  method: "GET",
  path: "/api/projects/{projectId}",
  summary: "Retrieve a project",
  tag: "Projects",
  auth: "apiKey",
  params: inProject,
  response: Project,
  errors: ["project_not_found"],
});

export const updateProject = defineEndpoint({
  id: "updateProject",
  method: "PATCH",
  path: "/api/projects/{projectId}",
  summary: "Rename a project, change its allowed origins or how its runs are limited and kept",
  tag: "Projects",
  auth: "apiKey",
  params: inProject,
  body: z.strictObject({
    title: projectFields.title.optional(),
    allowedOrigins: projectFields.allowedOrigins.optional(),
    runPolicy: z.strictObject(RunPolicy.shape).optional().meta({
      description: "What is left out stays as it is.",
    }),
  }),
  response: Project,
  errors: ["project_not_found"],
});

export const SigningKey = z.object({
  id: z.uuid(),
  title: z.string(),
  publicKey: z.string().meta({ description: "SPKI in PEM." }),
  dateCreated: z.iso.datetime(),
  dateRevoked: z.iso.datetime().nullable(),
});
export type SigningKey = z.output<typeof SigningKey>;

export const listSigningKeys = defineEndpoint({
  id: "listSigningKeys",
  method: "GET",
  path: "/api/projects/{projectId}/signing-keys",
  summary: "List a project's signing keys",
  tag: "Signing keys",
  auth: "apiKey",
  params: inProject,
  response: z.object({ signingKeys: z.array(SigningKey) }),
  errors: ["project_not_found"],
});

export const createSigningKey = defineEndpoint({
  id: "createSigningKey",
  method: "POST",
  path: "/api/projects/{projectId}/signing-keys",
  summary: "Create a signing key",
  description:
    "Makes an RSA-2048 key pair and shows the private key this once; only the public key is kept. " +
    "Send your own `publicKey` to keep signing with a key you already have.",
  tag: "Signing keys",
  auth: "apiKey",
  params: inProject,
  body: z.strictObject({
    title: z.string().trim().min(1).max(200).default("Signing key"),
    publicKey: z.string().max(10_000).optional().meta({ description: "RSA, SPKI in PEM." }),
  }),
  status: 201,
  response: SigningKey.extend({
    privateKey: z
      .string()
      .nullable()
      .meta({ description: "PKCS #8 in PEM; null where you gave the public key." }),
  }),
  errors: ["project_not_found"],
});

export const revokeSigningKey = defineEndpoint({
  id: "revokeSigningKey",
  method: "DELETE",
  path: "/api/projects/{projectId}/signing-keys/{signingKeyId}",
  summary: "Revoke a signing key: every user token it signed stops working at once",
  tag: "Signing keys",
  auth: "apiKey",
  params: inProject.extend({ signingKeyId: z.uuid() }),
  errors: ["project_not_found", "signing_key_not_found"],
});

/** What the Connect Portal says about an integration. */
export const PortalTexts = z.object({
  description: z.string().max(2000).optional(),
  overview: z.string().max(20_000).optional().meta({ description: "Markdown." }),
  accentColor: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, { error: "must be a colour such as #4f46e5" })
    .optional(),
});
export type PortalTexts = z.output<typeof PortalTexts>;

export const Integration = z.object({
  id: z.uuid(),
  type: z.string().meta({ description: "The connector, such as `notion`." }),
  isActive: z.boolean(),
  clientId: z.string().nullable().meta({ description: "Null: development keys serve." }),
  clientSecretSet: z.boolean(),
  redirectUrl: z.url().meta({ description: "Register this one in the provider's app." }),
  portal: PortalTexts,
  dateCreated: z.iso.datetime(),
  dateUpdated: z.iso.datetime(),
});
export type Integration = z.output<typeof Integration>;

export const listIntegrations = defineEndpoint({
  id: "listIntegrations",
  method: "GET",
  path: "/api/projects/{projectId}/integrations",
  summary: "List a project's integrations",
  tag: "Integrations",
  auth: "apiKey",
  params: inProject,
  response: z.object({ integrations: z.array(Integration) }),
  errors: ["project_not_found"],
});

export const putIntegration = defineEndpoint({
  id: "putIntegration",
  method: "PUT",
  path: "/api/projects/{projectId}/integrations/{type}",
  summary: "Enable an integration or change its settings",
  description:
    "Creates it where the project has none. What is left out stays as it is. `clientId: null` goes back to " +
    "the development keys and forgets the secret. The secret is sealed and never shown again.",
  tag: "Integrations",
  auth: "apiKey",
  params: inProject.extend({ type: z.string() }),
  body: z.strictObject({
    isActive: z.boolean().optional(),
    clientId: z.string().trim().min(1).max(500).nullable().optional(),
    clientSecret: z.string().trim().min(1).max(2000).optional(),
    portal: PortalTexts.optional(),
  }),
  response: Integration,
  errors: ["project_not_found", "integration_not_found"],
});

export const managementEndpoints = [
  listProjects,
  createProject,
  getProject,
  updateProject,
  listSigningKeys,
  createSigningKey,
  revokeSigningKey,
  listIntegrations,
  putIntegration,
] as const;
