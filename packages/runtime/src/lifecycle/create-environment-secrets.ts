import { randomUUID } from "node:crypto";
import { ChangeCache, type ChangeFeed, type Sealer, type SealPlace } from "@tenon/connections";
import {
  type EnvironmentSecret,
  type EnvironmentSecrets,
  SecretName,
  SecretValue,
} from "./environment-secret.ts";
import { findUses, nameUses } from "./find-uses.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { parseInput } from "./parse-input.ts";
import type { SecretStore } from "./secret-store.ts";
import type { WorkflowStore } from "./workflow-store.ts";

/** Opened secrets of projects, in memory. */
interface OpenedSecrets {
  /** Values by name. */
  read(projectId: string): Promise<ReadonlyMap<string, string>>;
  /** After a change of this process's own. */
  forget(projectId: string): void;
  close(): void;
}

interface Options {
  secrets: SecretStore;
  workflows: WorkflowStore;
  sealer: Sealer;
  changeFeed: ChangeFeed;
}

/**
 * Creates the project's environment secrets.
 *
 * - Stored sealed, each bound to its row; opened values are held in memory as long as the change
 *   feed is live and nobody changes a secret of the project.
 * - A value that was replaced or removed here is gone from this process at once, from others within
 *   milliseconds. A run that had read it goes on with it.
 */
export function createEnvironmentSecrets(options: Options): EnvironmentSecrets {
  const { secrets, workflows, sealer } = options;
  const opened = createOpenedSecrets(options);

  return {
    list: (projectId) => secrets.list(projectId),

    async create(projectId, input) {
      const name = parseInput(SecretName, input.name, "name");
      const value = parseInput(SecretValue, input.value, "value");
      const id = randomUUID();
      const sealedValue = await sealer.seal(projectId, secretPlace(id), value);
      const made = await secrets.create({ id, projectId, name, sealedValue });
      if (made === "conflict") {
        throw lifecycleError(
          "conflict",
          `The project has a secret "${name}" already. Replace its value instead.`,
        );
      }
      opened.forget(projectId);
      return made;
    },

    async replace(projectId, secretId, input) {
      const value = parseInput(SecretValue, input, "value");
      const known = await secrets.find(projectId, secretId);
      if (known === undefined) throw unknownSecret(secretId);
      const sealedValue = await sealer.seal(projectId, secretPlace(known.id), value);
      const replaced = await secrets.replace(projectId, known.id, sealedValue);
      opened.forget(projectId);
      if (replaced === undefined) throw unknownSecret(secretId);
      return replaced;
    },

    async remove(projectId, secretId, { force = false } = {}) {
      const known = await secrets.find(projectId, secretId);
      if (known === undefined) throw unknownSecret(secretId);
      if (!force) await assertUnused(workflows, known);
      await secrets.remove(projectId, known.id);
      opened.forget(projectId);
    },

    async readAll(projectId, names) {
      const values = await opened.read(projectId);
      const found = [...names].flatMap((name) => {
        const value = values.get(name);
        return value === undefined ? [] : [[name, value] as const];
      });
      return Object.fromEntries(found);
    },

    close: () => opened.close(),
  };
}

function createOpenedSecrets({ secrets, sealer, changeFeed }: Options): OpenedSecrets {
  const cache = new ChangeCache<{ projectId: string; values: ReadonlyMap<string, string> }>({
    feed: changeFeed,
    tagOf: ({ table, projectId }) => (table === "environment_secrets" ? projectId : undefined),
    tags: ({ projectId }) => [projectId],
    maxEntries: 10_000,
  });

  async function open(projectId: string) {
    const rows = await secrets.readSealed(projectId);
    if (rows.length === 0) return { projectId, values: new Map() };
    const projectSealer = await sealer.forProject(projectId);
    const values = rows.map(
      ({ id, name, sealedValue }) =>
        [name, projectSealer.open(secretPlace(id), sealedValue)] as const,
    );
    return { projectId, values: new Map(values) };
  }

  return {
    read: async (projectId) => (await cache.get(projectId, () => open(projectId))).values,
    forget: (projectId) => cache.drop(projectId),
    close: () => cache.close(),
  };
}

async function assertUnused(
  workflows: WorkflowStore,
  { projectId, name }: EnvironmentSecret,
): Promise<void> {
  const uses = await findUses(workflows, projectId, (plan) => plan.uses.secrets.has(name));
  if (uses.length === 0) return;
  throw lifecycleError(
    "secret_in_use",
    `The secret "${name}" is used by deployed workflows: ${nameUses(uses)}. Undeploy them first, or force it: then they find nothing in its place.`,
    { details: { workflows: uses } },
  );
}

/** Where a secret's value is sealed. */
function secretPlace(secretId: string): SealPlace {
  return { table: "environment_secrets", column: "sealed_value", rowId: secretId };
}

function unknownSecret(secretId: string) {
  return lifecycleError("secret_not_found", `The project has no secret "${secretId}".`);
}
