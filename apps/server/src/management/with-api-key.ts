import type { Endpoint, EndpointInput, EndpointOutput } from "@tenon/contract";
import type { ApiKey, ApiKeyStore, Project, ProjectStore } from "@tenon/postgres";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readBearer } from "../http/bearer.ts";
import { httpError } from "../http/errors.ts";
import { serveEndpoint } from "../http/serve-endpoint.ts";
import { authenticateApiKey, requireProject } from "../identity/api-keys.ts";

/** Serves endpoints to callers with an active API key. */
export function withApiKey(app: FastifyInstance, apiKeys: ApiKeyStore) {
  return function serve<E extends Endpoint>(
    endpoint: E,
    handle: (input: EndpointInput<E>, key: ApiKey) => Promise<EndpointOutput<E>>,
  ): void {
    serveEndpoint(app, endpoint, {
      authenticate: (_params, request) => readKey(apiKeys, request),
      handle,
    });
  };
}

type ProjectEndpoint = Endpoint & { params: { shape: { projectId: object } } };

export type ServeInProject = <E extends ProjectEndpoint>(
  endpoint: E,
  handle: (
    input: EndpointInput<E>,
    project: Project,
    exchange: { key: ApiKey; request: FastifyRequest; reply: FastifyReply },
  ) => Promise<EndpointOutput<E>>,
) => void;

/** Serves endpoints of one project to callers whose API key is good for it. */
export function inProject(
  app: FastifyInstance,
  { apiKeys, projects }: { apiKeys: ApiKeyStore; projects: ProjectStore },
): ServeInProject {
  return (endpoint, handle) =>
    serveEndpoint(app, endpoint, {
      async authenticate(params, request) {
        const { projectId } = params as { projectId: string };
        const key = await readKey(apiKeys, request);
        return { key, project: await findProject(projects, key, projectId) };
      },
      handle: (input, { key, project }, exchange) => handle(input, project, { key, ...exchange }),
    });
}

function readKey(apiKeys: ApiKeyStore, { headers }: FastifyRequest): Promise<ApiKey> {
  return authenticateApiKey(apiKeys, readBearer(headers.authorization));
}

/** The project if the key is good for it; throws `project_not_found`. */
export async function findProject(
  projects: ProjectStore,
  key: ApiKey,
  id: string,
): Promise<Project> {
  requireProject(key, id);
  const project = await projects.find(id);
  if (!project) throw noProject(id);
  return project;
}

export function noProject(id: string): Error {
  return httpError("project_not_found", `There is no project "${id}".`);
}
