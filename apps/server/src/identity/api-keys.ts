import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { ApiKey, ApiKeyStore } from "@tenon/postgres";
import { httpError } from "../http/errors.ts";

const prefix = "tenon_";

/** The text of a new API key: 256 random bits. */
export function createApiKeyText(): string {
  return prefix + randomBytes(32).toString("base64url");
}

/** Makes a key's text good; the text itself is not stored. Storing it again changes nothing. */
export async function storeApiKey(
  store: ApiKeyStore,
  text: string,
  options: { projectId: string | null; title: string },
): Promise<void> {
  await store.create({ id: randomUUID(), ...options, hash: hashOf(text), end: text.slice(-4) });
}

/** The key that a request's bearer credentials name; throws `api_key_invalid`. */
export async function authenticateApiKey(
  store: ApiKeyStore,
  bearer: string | undefined,
): Promise<ApiKey> {
  const key = bearer?.startsWith(prefix) ? await store.findActive(hashOf(bearer)) : undefined;
  if (key) return key;
  throw httpError(
    "api_key_invalid",
    "Send an active API key as `Authorization: Bearer tenon_…`. `tenon api-key` makes one.",
  );
}

/** Throws `project_not_found` for projects that are not the key's own: it learns nothing of them. */
export function requireProject(key: ApiKey, projectId: string): void {
  if (key.projectId === null || key.projectId === projectId) return;
  throw httpError("project_not_found", `This API key knows no project "${projectId}".`);
}

/** Throws `api_key_invalid` for keys that are bound to one project. */
export function requireInstance(key: ApiKey, what = "Creating projects"): void {
  if (key.projectId === null) return;
  throw httpError(
    "api_key_invalid",
    `${what} needs an API key of the instance: \`tenon api-key --instance\` makes one.`,
  );
}

/** The text has 256 random bits, so a plain hash cannot be searched. */
function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
