import * as z from "zod";

/** Something that happens in the customer's app and may start runs. */
export interface AppEvent {
  id: string;
  projectId: string;
  name: string;
  /** JSON Schema of the payload: what the builder offers. Payloads are not held against it. */
  schema: Record<string, unknown>;
  sample: Record<string, unknown>;
  createdAt: Date;
  updatedAt: Date;
}

const JsonObject = z.record(z.string(), z.json());

const fields = {
  name: z.string().trim().min(1).max(200),
  schema: JsonObject,
  sample: JsonObject,
};

export const NewAppEvent = z.strictObject({
  name: fields.name,
  schema: fields.schema.default({}),
  sample: fields.sample.default({}),
});
export type NewAppEvent = z.input<typeof NewAppEvent>;

export const AppEventChange = z.strictObject(fields).partial();
export type AppEventChange = z.input<typeof AppEventChange>;

/** The project's app events. Throws `event_not_found`, `invalid_request`. */
export interface AppEvents {
  /** By name. */
  list(projectId: string): Promise<AppEvent[]>;
  get(projectId: string, eventId: string): Promise<AppEvent>;
  /** `conflict` where the name is taken. */
  create(projectId: string, event: NewAppEvent): Promise<AppEvent>;
  /** Another name counts as removing the old one: see `remove`. */
  update(
    projectId: string,
    eventId: string,
    change: AppEventChange,
    options?: { force?: boolean | undefined },
  ): Promise<AppEvent>;
  /** `event_in_use` with `{ workflows: [{ id, title }] }` while deployed workflows start with it. */
  remove(
    projectId: string,
    eventId: string,
    options?: { force?: boolean | undefined },
  ): Promise<void>;
}
