import { type Change, ChangeCache, type ChangeFeed } from "@tenon/connections";
import type {
  Integration,
  IntegrationStore,
  Project,
  ProjectStore,
  SigningKeyStore,
} from "@tenon/postgres";
import { importSPKI } from "jose";
import { httpError } from "../http/errors.ts";

/** A project with what every request to it needs. */
export interface ProjectView {
  project: Project;
  /** Active signing keys by id, ready to verify with. */
  signingKeys: ReadonlyMap<string, CryptoKey>;
  /** Integrations by connector id. */
  integrations: ReadonlyMap<string, Integration>;
}

interface Stores {
  projects: ProjectStore;
  signingKeys: SigningKeyStore;
  integrations: IntegrationStore;
}

export interface ProjectDirectory {
  /** The project if it is in memory. */
  peek(projectId: string): ProjectView | undefined;
  /** Throws `project_not_found`. */
  get(projectId: string): Promise<ProjectView>;
  /** After a change of this process's own: what was changed holds from this moment on. */
  forget(projectId: string): void;
}

/** Projects with their keys and integrations, in memory until any process changes them. */
export function createProjectDirectory(stores: Stores, feed: ChangeFeed): ProjectDirectory {
  const cache = new ChangeCache<ProjectView>({
    feed,
    tagOf: ({ table, projectId }: Change) => (viewTables.has(table) ? projectId : undefined),
    tags: (view) => [view.project.id],
    maxEntries: 10_000,
  });
  return {
    peek: (projectId) => cache.peek(projectId),
    get: (projectId) => cache.get(projectId, () => loadView(stores, projectId)),
    forget: (projectId) => cache.drop(projectId),
  };
}

const viewTables = new Set(["projects", "signing_keys", "integrations"]);

async function loadView(stores: Stores, projectId: string): Promise<ProjectView> {
  const [project, keys, integrations] = await Promise.all([
    stores.projects.find(projectId),
    stores.signingKeys.list(projectId),
    stores.integrations.list(projectId),
  ]);
  if (!project) {
    throw httpError(
      "project_not_found",
      `There is no project "${projectId}". Copy the Project ID from the integration's Overview tab.`,
    );
  }
  const active = keys.filter((key) => key.revokedAt === null);
  const signingKeys = await Promise.all(
    active.map(async (key) => [key.id, await importSPKI(key.publicKey, "RS256")] as const),
  );
  return {
    project,
    signingKeys: new Map(signingKeys),
    integrations: new Map(integrations.map((one) => [one.connectorId, one])),
  };
}
