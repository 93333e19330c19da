import type { Migration } from "kysely/migration";
import * as foundation from "./0001-foundation.ts";
import * as workflows from "./0002-workflows.ts";
import * as triggers from "./0003-triggers.ts";

/** Every migration by name, in order. A released one never changes. */
export const migrations: Record<string, Migration> = {
  "0001-foundation": foundation,
  "0002-workflows": workflows,
  "0003-triggers": triggers,
};
