import * as z from "zod";

/** A value that workflows of a project may use and nobody may read. */
export interface EnvironmentSecret {
  id: string;
  projectId: string;
  name: string;
  createdAt: Date;
  updatedAt: Date;
}

export const SecretName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/,
    "must be at most 100 letters, digits, _ or -, and begin with a letter or _",
  );

/** Shorter ones could not be redacted without destroying the history. */
export const SecretValue = z.string().min(4).max(10_000);

/** The project's environment secrets. Throws `secret_not_found`, `invalid_request`. */
export interface EnvironmentSecrets {
  /** By name; never with values. */
  list(projectId: string): Promise<EnvironmentSecret[]>;
  /** `conflict` where the name is taken. */
  create(projectId: string, secret: { name: string; value: string }): Promise<EnvironmentSecret>;
  /** Runs that begin later get the new value. */
  replace(projectId: string, secretId: string, value: string): Promise<EnvironmentSecret>;
  /** `secret_in_use` with `{ workflows: [{ id, title }] }` while deployed workflows use it. */
  remove(
    projectId: string,
    secretId: string,
    options?: { force?: boolean | undefined },
  ): Promise<void>;
  /** Values by name for runs; names that do not exist are left out. */
  readAll(projectId: string, names: ReadonlySet<string>): Promise<Record<string, string>>;
  close(): void;
}
