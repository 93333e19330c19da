import type { AppEventStore } from "./app-event-store.ts";
import type { DirectoryStore } from "./directory-store.ts";
import type { EnrollmentStore } from "./enrollment-store.ts";
import type { ScheduleStore } from "./schedule-store.ts";
import type { WorkflowStore } from "./workflow-store.ts";

/** What the lifecycle keeps in the database. */
export interface LifecycleStores {
  workflows: WorkflowStore;
  directory: DirectoryStore;
  events: AppEventStore;
  enrollments: EnrollmentStore;
  schedules: ScheduleStore;
}
