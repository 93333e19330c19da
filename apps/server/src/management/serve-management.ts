import { management } from "@tenon/contract";
import type {
  ApiKeyStore,
  Project,
  ProjectStore,
  SigningKey,
  SigningKeyStore,
} from "@tenon/postgres";
import type { FastifyInstance } from "fastify";
import { randomUUID } from "node:crypto";
import { httpError } from "../http/errors.ts";
import { requireInstance } from "../identity/api-keys.ts";
import type { ProjectDirectory } from "../identity/project-directory.ts";
import type { IntegrationSettings } from "./integration-settings.ts";
import { createKeyPair, readPublicKey } from "./signing-key-pair.ts";
import { findProject, noProject, withApiKey } from "./with-api-key.ts";

export interface ManagementServices {
  apiKeys: ApiKeyStore;
  projects: ProjectStore;
  signingKeys: SigningKeyStore;
  integrationSettings: IntegrationSettings;
  directory: ProjectDirectory;
  /** A new project's data key, sealed. */
  createDataKey(projectId: string): Buffer;
}

/** Serves the management API: what the dashboard and customers' scripts set up projects with. */
export function serveManagement(app: FastifyInstance, services: ManagementServices): void {
  serveProjects(app, services);
  serveSigningKeys(app, services);
  serveIntegrations(app, services);
}

function serveProjects(app: FastifyInstance, services: ManagementServices): void {
  const { projects } = services;
  const serve = withApiKey(app, services.apiKeys);

  serve(management.listProjects, async (_input, key) => {
    const all = await projects.list();
    const visible = all.filter((one) => key.projectId === null || key.projectId === one.id);
    return { projects: visible.map(toProject) };
  });

  serve(management.createProject, async ({ body }, key) => {
    requireInstance(key);
    const id = body.id ?? randomUUID();
    const created = await projects.create({
      id,
      title: body.title,
      allowedOrigins: body.allowedOrigins,
      sealedDataKey: services.createDataKey(id),
    });
    if (!created) throw httpError("conflict", `A project with the id "${id}" exists already.`);
    return toProject(created);
  });

  serve(management.getProject, async ({ params }, key) =>
    toProject(await findProject(projects, key, params.projectId)),
  );

  serve(management.updateProject, async ({ params, body }, key) => {
    await findProject(projects, key, params.projectId);
    const updated = await projects.update(params.projectId, body);
    services.directory.forget(params.projectId);
    if (!updated) throw noProject(params.projectId);
    return toProject(updated);
  });
}

function serveSigningKeys(app: FastifyInstance, services: ManagementServices): void {
  const { projects, signingKeys } = services;
  const serve = withApiKey(app, services.apiKeys);

  serve(management.listSigningKeys, async ({ params }, key) => {
    await findProject(projects, key, params.projectId);
    return { signingKeys: (await signingKeys.list(params.projectId)).map(toSigningKey) };
  });

  serve(management.createSigningKey, async ({ params, body }, key) => {
    await findProject(projects, key, params.projectId);
    const pair =
      body.publicKey === undefined
        ? await createKeyPair()
        : { publicKey: readPublicKey(body.publicKey), privateKey: null };
    const created = await signingKeys.create({
      id: randomUUID(),
      projectId: params.projectId,
      title: body.title,
      publicKey: pair.publicKey,
    });
    services.directory.forget(params.projectId);
    return { ...toSigningKey(created), privateKey: pair.privateKey };
  });

  serve(management.revokeSigningKey, async ({ params }, key) => {
    await findProject(projects, key, params.projectId);
    const known = await signingKeys.revoke(params.projectId, params.signingKeyId);
    services.directory.forget(params.projectId);
    if (known) return;
    throw httpError(
      "signing_key_not_found",
      `The project has no signing key "${params.signingKeyId}".`,
    );
  });
}

function serveIntegrations(app: FastifyInstance, services: ManagementServices): void {
  const { projects, integrationSettings } = services;
  const serve = withApiKey(app, services.apiKeys);

  serve(management.listIntegrations, async ({ params }, key) => {
    await findProject(projects, key, params.projectId);
    return { integrations: await integrationSettings.list(params.projectId) };
  });

  serve(management.putIntegration, async ({ params, body }, key) => {
    await findProject(projects, key, params.projectId);
    const integration = await integrationSettings.put(params.projectId, params.type, body);
    services.directory.forget(params.projectId);
    return integration;
  });
}

function toProject(project: Project): management.Project {
  return {
    id: project.id,
    title: project.title,
    allowedOrigins: project.allowedOrigins,
    runPolicy: project.runPolicy,
    dateCreated: project.createdAt.toISOString(),
  };
}

function toSigningKey(key: SigningKey): management.SigningKey {
  return {
    id: key.id,
    title: key.title,
    publicKey: key.publicKey,
    dateCreated: key.createdAt.toISOString(),
    dateRevoked: key.revokedAt?.toISOString() ?? null,
  };
}
