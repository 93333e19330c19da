import * as z from "zod";
import { defineEndpoint } from "./endpoint.ts";
import { RunStatus } from "./runs.ts";
import { Credential } from "./wire.ts";

/**
 * The endpoints around workflows that the Paragon SDK and Paragon's documented REST API call with a
 * user token, in their words.
 */
const inProject = z.object({ projectId: z.uuid() });
const inWorkflow = inProject.extend({ workflowId: z.uuid() });
const inCredential = inProject.extend({ credentialId: z.string().min(1).max(500) });

const selector = z.string().min(1).max(500).optional();

/** Picks a connection and one of its configurations. */
export const selectors = z.object({
  "x-paragon-credential": selector.meta({
    description: "A connection's id, its externalId, or `ext:` and its externalId.",
  }),
  "x-paragon-configuration-id": selector.meta({
    description: "A configuration's id, its externalId, or `ext:` and its externalId.",
  }),
});

const starting = selectors.extend({
  "idempotency-key": z.string().min(1).max(200).optional().meta({
    description: "The same key again starts nothing anew and answers the same runs.",
  }),
});

const shared = { tag: "SDK", auth: "userToken" } as const;

const event = {
  ...shared,
  method: "POST",
  params: inProject,
  headers: starting,
  maxBodyBytes: 2 * 1_048_576,
  body: z.looseObject({
    name: z.string().min(1).max(200),
    payload: z.record(z.string(), z.unknown()).nullish(),
  }),
  status: 201,
  response: z.object({
    runs: z.array(z.object({ runId: z.uuid(), workflowId: z.uuid(), status: RunStatus })),
  }),
  errors: [
    "event_not_found",
    "connection_not_found",
    "configuration_not_found",
    "payload_too_large",
  ],
} as const;

export const triggerEvent = defineEndpoint({
  ...event,
  id: "triggerEvent",
  path: "/v2/projects/{projectId}/sdk/events/trigger",
  summary: "Send an app event: starts every workflow that has it and that the user enabled",
});

export const triggerEventDocumented = defineEndpoint({
  ...event,
  id: "triggerEventDocumented",
  path: "/projects/{projectId}/sdk/events/trigger",
  summary: "As triggerEvent, at the address of Paragon's documentation",
});

export const triggerWorkflow = defineEndpoint({
  ...shared,
  id: "triggerWorkflow",
  method: "POST",
  path: "/projects/{projectId}/sdk/triggers/{workflowId}",
  summary: "Start a workflow with a request trigger",
  description:
    "Any content: JSON, a form, text, a file. Without a Response step the answer is 202 at once. With one it " +
    "is the step's answer; after 55 seconds, or fewer with `Prefer: wait=<seconds>`, 542 while the run goes on.",
  params: inWorkflow,
  headers: starting.extend({
    prefer: z.string().max(200).optional().meta({ description: "`wait=<seconds>`, at most 55." }),
  }),
  bodyType: "*/*",
  maxBodyBytes: 12 * 1_048_576,
  body: z.unknown(),
  status: 202,
  response: z.object({
    message: z.string(),
    dateSubmitted: z.iso.datetime(),
    projectId: z.uuid(),
    workflowId: z.uuid(),
    executionId: z.uuid(),
  }),
  errors: [
    "workflow_not_found",
    "workflow_not_deployed",
    "workflow_not_enabled",
    "workflow_not_permitted",
    "connection_not_found",
    "configuration_not_found",
    "connection_invalid",
    "integration_inactive",
    "payload_too_large",
    "run_failed",
    "workflow_timeout",
  ],
});

const enrolling = {
  ...shared,
  path: "/projects/{projectId}/sdk/workflows/{workflowId}",
  params: inWorkflow,
  headers: selectors,
  response: Credential,
} as const;

export const enableWorkflow = defineEndpoint({
  ...enrolling,
  id: "enableWorkflow",
  method: "POST",
  summary: "Enable a workflow for the user",
  errors: [
    "workflow_not_found",
    "workflow_not_deployed",
    "workflow_not_offered",
    "workflow_not_permitted",
    "settings_missing",
    "connection_not_found",
    "configuration_not_found",
    "integration_inactive",
  ],
});

export const disableWorkflow = defineEndpoint({
  ...enrolling,
  id: "disableWorkflow",
  method: "DELETE",
  summary: "Disable a workflow for the user",
  errors: ["workflow_not_found", "connection_not_found", "configuration_not_found"],
});

const SharedSettings = z.record(z.string(), z.unknown());
const WorkflowSettings = z.record(
  z.uuid(),
  z.looseObject({
    enabled: z.boolean().optional(),
    settings: SharedSettings.optional(),
  }),
);

export const updateCredential = defineEndpoint({
  ...shared,
  id: "updateCredential",
  method: "PATCH",
  path: "/projects/{projectId}/sdk/credentials/{credentialId}",
  summary: "Replace a configuration's settings",
  description:
    "`sharedSettings` replaces those of the integration. `workflowSettings` replaces those of the workflows it " +
    "names. `configuredWorkflows`, of Paragon's documentation, replaces all: workflows it does not name are " +
    "disabled.",
  params: inCredential,
  headers: selectors.extend({ "x-paragon-sdk-version": z.string().max(100).optional() }),
  body: z.looseObject({
    config: z.looseObject({
      sharedSettings: SharedSettings.optional(),
      workflowSettings: WorkflowSettings.optional(),
      configuredWorkflows: WorkflowSettings.optional(),
    }),
  }),
  response: Credential,
  errors: [
    "connection_not_found",
    "configuration_not_found",
    "settings_invalid",
    "settings_missing",
    "workflow_not_found",
    "workflow_not_permitted",
  ],
});

const configurations = {
  ...shared,
  path: "/projects/{projectId}/sdk/credentials/{credentialId}/configurations",
  params: inCredential,
} as const;

export const createConfiguration = defineEndpoint({
  ...configurations,
  id: "createConfiguration",
  method: "POST",
  summary: "Create one more configuration of a connection",
  body: z.looseObject({ externalId: z.string().trim().min(1).max(500).optional() }).prefault({}),
  response: Credential,
  errors: ["connection_not_found", "conflict"],
});

export const updateConfiguration = defineEndpoint({
  ...configurations,
  id: "updateConfiguration",
  method: "PATCH",
  summary: "Merge facts of the customer's own into a configuration",
  headers: selectors,
  body: z.looseObject({ meta: z.record(z.string().max(200), z.unknown()) }),
  response: Credential,
  errors: ["connection_not_found", "configuration_not_found"],
});

export const deleteConfiguration = defineEndpoint({
  ...configurations,
  id: "deleteConfiguration",
  method: "DELETE",
  summary: "Delete a configuration; the default one stays",
  headers: selectors.required({ "x-paragon-configuration-id": true }),
  response: Credential,
  errors: ["connection_not_found", "configuration_not_found", "default_configuration"],
});

/** One of the values a picker depends on, as the SDK sends it. */
const Parameter = z.looseObject({
  key: z.string().max(200),
  source: z.looseObject({ type: z.string().optional(), value: z.unknown().optional() }),
});

export const getFieldOptions = defineEndpoint({
  ...shared,
  id: "getFieldOptions",
  method: "POST",
  path: "/projects/{projectId}/sdk/actions",
  summary: "Choices of a picker, from the user's account",
  params: inProject,
  headers: selectors,
  body: z.looseObject({
    action: z.string().max(100).meta({ description: "The integration's type." }),
    sourceKey: z.string().max(200).meta({ description: "The picker." }),
    parameters: z.array(Parameter).max(100).default([]),
    paginationParameters: z
      .looseObject({
        pageCursor: z.union([z.string().max(1000), z.number(), z.boolean()]).nullish(),
        search: z.string().max(500).nullish(),
      })
      .prefault({}),
  }),
  response: z.object({
    output: z.object({
      records: z.array(
        z.object({ value: z.string(), label: z.string(), subtitle: z.string().optional() }),
      ),
      nextPageCursor: z.string().nullable(),
    }),
  }),
  errors: [
    "integration_not_found",
    "picker_not_found",
    "connection_not_found",
    "connection_invalid",
    "provider_refused",
    "provider_unavailable",
    "rate_limited",
  ],
});

export const getTriggers = defineEndpoint({
  ...shared,
  id: "getTriggers",
  method: "GET",
  path: "/projects/{projectId}/triggers",
  summary: "What can happen at the provider and start workflows, by integration",
  params: inProject,
  query: z.object({ integrations: z.string().max(2000).optional() }),
  response: z.object({
    triggers: z.record(
      z.string(),
      z.array(
        z.object({
          type: z.string(),
          triggerModel: z.enum(["POLLING", "WEBHOOK"]),
          title: z.string(),
          description: z.string(),
          parameters: z.array(z.record(z.string(), z.unknown())),
        }),
      ),
    ),
    errors: z.array(z.object({ type: z.string(), message: z.string() })).optional(),
  }),
});

export const wireWorkflowEndpoints = [
  triggerEvent,
  triggerEventDocumented,
  triggerWorkflow,
  enableWorkflow,
  disableWorkflow,
  updateCredential,
  createConfiguration,
  updateConfiguration,
  deleteConfiguration,
  getFieldOptions,
  getTriggers,
] as const;
