import type { EnvironmentSecret } from "./environment-secret.ts";

/** Stores environment secrets, sealed, each within its project. */
export interface SecretStore {
  list(projectId: string): Promise<EnvironmentSecret[]>;
  find(projectId: string, secretId: string): Promise<EnvironmentSecret | undefined>;
  create(
    secret: Pick<EnvironmentSecret, "id" | "projectId" | "name"> & { sealedValue: Buffer },
  ): Promise<EnvironmentSecret | "conflict">;
  replace(
    projectId: string,
    secretId: string,
    sealedValue: Buffer,
  ): Promise<EnvironmentSecret | undefined>;
  remove(projectId: string, secretId: string): Promise<boolean>;
  readSealed(projectId: string): Promise<{ id: string; name: string; sealedValue: Buffer }[]>;
}
