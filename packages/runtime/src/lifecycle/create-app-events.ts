import { randomUUID } from "node:crypto";
import { type AppEvent, AppEventChange, type AppEvents, NewAppEvent } from "./app-event.ts";
import type { AppEventStore } from "./app-event-store.ts";
import { findUses, nameUses } from "./find-uses.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { requireStorable, parseInput } from "./parse-input.ts";
import type { WorkflowStore } from "./workflow-store.ts";

/** Bytes of a schema or sample. */
const maxBytes = 200_000;

/** Creates the project's app events. `changed` is told before anybody is answered. */
export function createAppEvents(options: {
  events: AppEventStore;
  workflows: WorkflowStore;
  changed: (projectId: string) => void;
}): AppEvents {
  const { events, workflows, changed } = options;

  async function get(projectId: string, eventId: string): Promise<AppEvent> {
    const event = await events.find(projectId, eventId);
    if (event === undefined) {
      throw lifecycleError("event_not_found", `The project has no app event "${eventId}".`);
    }
    return event;
  }

  async function assertUnused({ projectId, name }: AppEvent, verb: string): Promise<void> {
    const uses = await findUses(
      workflows,
      projectId,
      ({ trigger }) => trigger.type === "event" && trigger.event === name,
    );
    if (uses.length === 0) return;
    throw lifecycleError(
      "event_in_use",
      `The app event "${name}" starts deployed workflows: ${nameUses(uses)}. Undeploy them first, or force it: then nothing starts them any more. It was not ${verb}.`,
      { details: { workflows: uses } },
    );
  }

  return {
    list: (projectId) => events.list(projectId),
    get,

    async create(projectId, input) {
      const event = parseInput(NewAppEvent, input, "event");
      checkSize(event);
      const made = await events.create({ id: randomUUID(), projectId, ...event });
      if (made === "conflict") throw nameTaken(event.name);
      changed(projectId);
      return made;
    },

    async update(projectId, eventId, input, { force = false } = {}) {
      const change = parseInput(AppEventChange, input, "event");
      checkSize(change);
      const event = await get(projectId, eventId);
      const isRenamed = change.name !== undefined && change.name !== event.name;
      if (isRenamed && !force) await assertUnused(event, "renamed");
      const updated = await events.update(projectId, eventId, change);
      if (updated === "conflict") throw nameTaken(change.name ?? event.name);
      changed(projectId);
      return updated ?? get(projectId, eventId);
    },

    async remove(projectId, eventId, { force = false } = {}) {
      const event = await get(projectId, eventId);
      if (!force) await assertUnused(event, "removed");
      await events.remove(projectId, eventId);
      changed(projectId);
    },
  };
}

function checkSize({ schema = {}, sample = {} }: AppEventChange): void {
  requireStorable(schema, maxBytes, "event.schema");
  requireStorable(sample, maxBytes, "event.sample");
}

function nameTaken(name: string) {
  return lifecycleError("conflict", `The project has an app event "${name}" already.`);
}
