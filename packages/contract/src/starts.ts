import * as z from "zod";
import { inProject, inWorkflow, projectPath, UserId } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";
import { RunStatus } from "./runs.ts";

const shared = { tag: "Runs", auth: "apiKey" } as const;

const StartedRun = z.object({ runId: z.uuid(), workflowId: z.uuid(), status: RunStatus });

const choice = {
  connection: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: "A connection's id or externalId; else the oldest valid one." }),
  configuration: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: "A configuration's id or externalId; else the default one." }),
};

const TestAccount = z
  .union([
    z.strictObject({ userId: UserId, ...choice }),
    z.strictObject({ connectionId: z.uuid(), configuration: choice.configuration }),
  ])
  .meta({ description: "Whose account the test runs with." });

const test = {
  account: TestAccount,
  input: z.unknown().optional().meta({
    description:
      "The trigger's output. Left out: the app event's sample; for a trigger of the integration, what was changed last in the account; else nothing.",
  }),
};

const testErrors = [
  "project_not_found",
  "workflow_not_found",
  "workflow_invalid",
  "user_not_found",
  "connection_not_found",
  "connection_invalid",
] as const;

export const testWorkflow = defineEndpoint({
  ...shared,
  id: "testWorkflow",
  method: "POST",
  path: `${projectPath}/workflows/{workflowId}/test`,
  summary: "Run the draft once: lists are cut to 20 items, nothing is tried twice",
  params: inWorkflow,
  body: z.strictObject(test),
  status: 201,
  response: StartedRun,
  errors: testErrors,
});

export const testStep = defineEndpoint({
  ...shared,
  id: "testStep",
  method: "POST",
  path: `${projectPath}/workflows/{workflowId}/steps/{stepId}/test`,
  summary: "Run one step of the draft",
  description:
    "What it refers to comes from `outputs`, else from `fromRunId`, else from the workflow's newest test.",
  params: inWorkflow.extend({ stepId: z.string().max(64) }),
  body: z.strictObject({
    ...test,
    outputs: z.record(z.string(), z.unknown()).optional(),
    fromRunId: z.uuid().optional(),
  }),
  status: 201,
  response: StartedRun,
  errors: [...testErrors, "step_not_found", "run_not_found"],
});

const inUser = inProject.extend({ userId: UserId });
const idempotencyKey = z.string().min(1).max(200).optional().meta({
  description: "The same key again starts nothing anew and answers the same runs.",
});

export const sendEvent = defineEndpoint({
  ...shared,
  id: "sendUserEvent",
  method: "POST",
  path: `${projectPath}/users/{userId}/events`,
  summary: "Send an app event for a connected user",
  description:
    "Starts every deployed workflow that starts with this event and that the user has enabled.",
  params: inUser,
  maxBodyBytes: 2 * 1_048_576,
  body: z.strictObject({
    name: z.string().min(1).max(200),
    payload: z.record(z.string(), z.unknown()).default({}),
    idempotencyKey,
    ...choice,
  }),
  status: 201,
  response: z.object({ runs: z.array(StartedRun) }),
  errors: ["project_not_found", "user_not_found", "event_not_found", "payload_too_large"],
});

export const startWorkflow = defineEndpoint({
  ...shared,
  id: "startWorkflow",
  method: "POST",
  path: `${projectPath}/users/{userId}/workflows/{workflowId}/runs`,
  summary: "Start a deployed workflow with a request trigger for a connected user",
  params: inUser.extend({ workflowId: z.uuid() }),
  maxBodyBytes: 2 * 1_048_576,
  body: z
    .strictObject({
      params: z.record(z.string(), z.string()).default({}),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
      idempotencyKey,
      ...choice,
    })
    .prefault({}),
  status: 201,
  response: StartedRun,
  errors: [
    "project_not_found",
    "user_not_found",
    "workflow_not_found",
    "workflow_not_deployed",
    "workflow_not_enabled",
    "workflow_not_permitted",
    "connection_invalid",
  ],
});

export const startEndpoints = [testWorkflow, testStep, sendEvent, startWorkflow] as const;
