import { parseArgs } from "node:util";
import { createApiKeyStore, createProjectStore, migrate, openDatabase } from "@tenon/postgres";
import { readConfig } from "../config.ts";
import { createApiKeyText, storeApiKey } from "../identity/api-keys.ts";
import { UsageError } from "./usage.ts";

/** `tenon api-key`: makes an API key in the database, running or not, and prints it. */
export async function apiKey(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      instance: { type: "boolean", default: false },
      project: { type: "string" },
      title: { type: "string", default: "Made by tenon api-key" },
    },
  });
  const { project, title } = values;
  if (values.instance === (project !== undefined)) {
    throw new UsageError("Say what the key is for: --instance, or --project <Project ID>.");
  }
  const { databaseUrl, dataDir } = readConfig();
  const database = await openDatabase({ databaseUrl, dataDir });
  try {
    await migrate(database.kysely);
    const projects = createProjectStore(database.kysely);
    if (project !== undefined && !(await projects.find(project))) {
      throw new UsageError(`There is no project "${project}".`);
    }
    const text = createApiKeyText();
    const store = createApiKeyStore(database.kysely);
    await storeApiKey(store, text, { projectId: project ?? null, title });
    console.log(text);
  } finally {
    await database.stop();
  }
}
