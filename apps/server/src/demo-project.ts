import { createPublicKey, randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiKeyStore, IntegrationStore, ProjectStore, SigningKeyStore } from "@tenon/postgres";
import { type Demo, demoFile, readDemo } from "./demo-file.ts";
import { createApiKeyText, storeApiKey } from "./identity/api-keys.ts";
import { createKeyPair } from "./management/signing-key-pair.ts";

type Addresses = Pick<Demo, "url" | "localNotionUrl" | "exampleUrl">;

interface Services {
  projects: ProjectStore;
  signingKeys: SigningKeyStore;
  apiKeys: ApiKeyStore;
  integrations: IntegrationStore;
  createDataKey(projectId: string): Buffer;
}

/**
 * Makes the demo project where the database has no project yet, and keeps `demo.json` true.
 *
 * - The files come first and name everything, the rows follow from them: a crash in between is
 *   made good by the next start.
 * - Undefined where there are projects and none of them is ours.
 */
export async function ensureDemo(
  dataDir: string,
  addresses: Addresses,
  services: Services,
): Promise<Demo | undefined> {
  const known = await readDemo(dataDir);
  if (!known && (await services.projects.list()).length > 0) return undefined;
  const demo = { ...(known ?? (await createFiles(dataDir))), ...addresses };
  await replaceFile(demoFile(dataDir), `${JSON.stringify(demo, null, 2)}\n`);
  await ensureRows(demo, services);
  return demo;
}

async function createFiles(dataDir: string): Promise<Omit<Demo, keyof Addresses>> {
  const signingKeyFile = join(dataDir, "demo-signing-key.pem");
  await replaceFile(signingKeyFile, (await createKeyPair()).privateKey);
  return {
    projectId: randomUUID(),
    signingKeyId: randomUUID(),
    signingKeyFile,
    apiKey: createApiKeyText(),
  };
}

async function ensureRows(demo: Demo, services: Services): Promise<void> {
  const { projects, signingKeys, apiKeys, integrations } = services;
  const { projectId, signingKeyId } = demo;
  await projects.create({
    id: projectId,
    title: "Demo",
    // Only pages of this machine: the demo project is made for trying things out.
    allowedOrigins: [
      "http://localhost:*",
      "http://127.0.0.1:*",
      "http://*.localhost:*",
      "https://*.localhost:*",
    ],
    sealedDataKey: services.createDataKey(projectId),
  });
  const keys = await signingKeys.list(projectId);
  if (!keys.some((key) => key.id === signingKeyId)) {
    const publicKey = createPublicKey(await readFile(demo.signingKeyFile, "utf8"))
      .export({ type: "spki", format: "pem" })
      .toString();
    await signingKeys.create({ id: signingKeyId, projectId, title: "Demo", publicKey });
  }
  await storeApiKey(apiKeys, demo.apiKey, { projectId, title: "Demo" });
  if (!(await integrations.find(projectId, "notion"))) {
    await integrations.put({ id: randomUUID(), projectId, connectorId: "notion" }, {});
  }
}

/** Readable by its owner only, and whole or not at all. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await rename(draft, path);
}
