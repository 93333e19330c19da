import type { LifecycleStores } from "@tenon/runtime";
import type { Kysely } from "kysely";
import type { Database } from "../tables.ts";
import { createAppEventStore } from "./app-event-store.ts";
import { createDirectoryStore } from "./directory-store.ts";
import { createEnrollmentStore } from "./enrollment-store.ts";
import { createScheduleStore } from "./schedule-store.ts";
import { createWorkflowStore } from "./workflow-store.ts";

/** All that the lifecycle of workflows keeps in the database. */
export function createLifecycleStores(db: Kysely<Database>): LifecycleStores {
  return {
    workflows: createWorkflowStore(db),
    directory: createDirectoryStore(db),
    events: createAppEventStore(db),
    enrollments: createEnrollmentStore(db),
    schedules: createScheduleStore(db),
  };
}
