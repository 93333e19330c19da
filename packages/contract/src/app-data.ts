import * as z from "zod";
import { inProject, projectPath } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";

const JsonObject = z.record(z.string(), z.unknown());
const force = z.object({
  force: z
    .stringbool()
    .default(false)
    .meta({ description: "Even while deployed workflows use it." }),
});

const events = { tag: "App events", auth: "apiKey" } as const;
const eventsPath = `${projectPath}/app-events` as const;
const inEvent = inProject.extend({ eventId: z.uuid() });
const eventErrors = ["project_not_found", "event_not_found"] as const;

export const AppEvent = z
  .object({
    id: z.uuid(),
    name: z.string(),
    schema: JsonObject.meta({ description: "JSON Schema of the payload, for the builder." }),
    sample: JsonObject,
    dateCreated: z.iso.datetime(),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "AppEvent" });
export type AppEvent = z.output<typeof AppEvent>;

const eventFields = {
  name: z.string().trim().min(1).max(200),
  schema: JsonObject,
  sample: JsonObject,
};

export const listAppEvents = defineEndpoint({
  ...events,
  id: "listAppEvents",
  method: "GET",
  path: eventsPath,
  summary: "List the project's app events",
  params: inProject,
  response: z.object({ events: z.array(AppEvent) }),
  errors: ["project_not_found"],
});

export const createAppEvent = defineEndpoint({
  ...events,
  id: "createAppEvent",
  method: "POST",
  path: eventsPath,
  summary: "Create an app event",
  params: inProject,
  body: z.strictObject({
    ...eventFields,
    schema: JsonObject.default({}),
    sample: JsonObject.default({}),
  }),
  status: 201,
  response: AppEvent,
  errors: ["project_not_found", "conflict"],
});

export const getAppEvent = defineEndpoint({
  ...events,
  id: "getAppEvent",
  method: "GET",
  path: `${eventsPath}/{eventId}`,
  summary: "Retrieve an app event",
  params: inEvent,
  response: AppEvent,
  errors: eventErrors,
});

export const updateAppEvent = defineEndpoint({
  ...events,
  id: "updateAppEvent",
  method: "PATCH",
  path: `${eventsPath}/{eventId}`,
  summary: "Change an app event; another name counts as deleting the old one",
  params: inEvent,
  query: force,
  body: z.strictObject(eventFields).partial(),
  response: AppEvent,
  errors: [...eventErrors, "conflict", "event_in_use"],
});

export const deleteAppEvent = defineEndpoint({
  ...events,
  id: "deleteAppEvent",
  method: "DELETE",
  path: `${eventsPath}/{eventId}`,
  summary: "Delete an app event",
  params: inEvent,
  query: force,
  errors: [...eventErrors, "event_in_use"],
});

const secrets = { tag: "Environment secrets", auth: "apiKey" } as const;
const secretsPath = `${projectPath}/secrets` as const;
const inSecret = inProject.extend({ secretId: z.uuid() });
const secretErrors = ["project_not_found", "secret_not_found"] as const;

export const Secret = z
  .object({
    id: z.uuid(),
    name: z.string().meta({ description: "What references name it by: `{{secrets.<name>}}`." }),
    dateCreated: z.iso.datetime(),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "EnvironmentSecret" });
export type Secret = z.output<typeof Secret>;

const secretValue = z
  .string()
  .min(4)
  .max(10_000)
  .meta({ description: "Sealed; never shown again." });

export const listSecrets = defineEndpoint({
  ...secrets,
  id: "listSecrets",
  method: "GET",
  path: secretsPath,
  summary: "List environment secrets, without their values",
  params: inProject,
  response: z.object({ secrets: z.array(Secret) }),
  errors: ["project_not_found"],
});

export const createSecret = defineEndpoint({
  ...secrets,
  id: "createSecret",
  method: "POST",
  path: secretsPath,
  summary: "Create an environment secret",
  params: inProject,
  body: z.strictObject({ name: z.string().min(1).max(100), value: secretValue }),
  status: 201,
  response: Secret,
  errors: ["project_not_found", "conflict"],
});

export const replaceSecret = defineEndpoint({
  ...secrets,
  id: "replaceSecret",
  method: "PUT",
  path: `${secretsPath}/{secretId}`,
  summary: "Replace a secret's value; runs that begin later get the new one",
  params: inSecret,
  body: z.strictObject({ value: secretValue }),
  response: Secret,
  errors: secretErrors,
});

export const deleteSecret = defineEndpoint({
  ...secrets,
  id: "deleteSecret",
  method: "DELETE",
  path: `${secretsPath}/{secretId}`,
  summary: "Delete an environment secret",
  params: inSecret,
  query: force,
  errors: [...secretErrors, "secret_in_use"],
});

export const appDataEndpoints = [
  listAppEvents,
  createAppEvent,
  getAppEvent,
  updateAppEvent,
  deleteAppEvent,
  listSecrets,
  createSecret,
  replaceSecret,
  deleteSecret,
] as const;
