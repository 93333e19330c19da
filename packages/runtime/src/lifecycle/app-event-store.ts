import type { AppEvent, AppEventChange } from "./app-event.ts";

/** Stores app events, each within its project. */
export interface AppEventStore {
  list(projectId: string): Promise<AppEvent[]>;
  find(projectId: string, eventId: string): Promise<AppEvent | undefined>;
  create(
    event: Pick<AppEvent, "id" | "projectId" | "name" | "schema" | "sample">,
  ): Promise<AppEvent | "conflict">;
  update(
    projectId: string,
    eventId: string,
    change: AppEventChange,
  ): Promise<AppEvent | "conflict" | undefined>;
  remove(projectId: string, eventId: string): Promise<boolean>;
}
