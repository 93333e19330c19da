import * as z from "zod";
import { Cursor, Instant, inProject, inRun, projectPath, queryInt, UserId } from "./api-paths.ts";
import { defineEndpoint } from "./endpoint.ts";

export const RunStatus = z
  .enum(["queued", "running", "waiting", "paused", "succeeded", "failed", "cancelled"])
  .meta({ id: "RunStatus", description: "The last three are final." });
export type RunStatus = z.output<typeof RunStatus>;

export const RunError = z
  .object({
    code: z.string(),
    message: z.string(),
    stepId: z.string().optional().meta({ description: "The step that failed." }),
    instance: z.array(z.int()).readonly().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "RunError" });

export const Run = z
  .object({
    id: z.uuid(),
    workflowId: z.uuid(),
    versionId: z.uuid().meta({ description: "The version it is pinned to." }),
    integrationId: z.uuid(),
    connectionId: z.uuid(),
    configurationId: z.uuid(),
    userId: UserId,
    triggerType: z.enum(["event", "request", "schedule", "enabled", "integration"]),
    status: RunStatus,
    test: z.boolean(),
    replayOf: z.uuid().optional(),
    taskCount: z.int().meta({ description: "Actions, requests and functions it ran." }),
    error: RunError.optional(),
    dateCreated: z.iso.datetime(),
    dateStarted: z.iso.datetime().optional(),
    dateFinished: z.iso.datetime().optional(),
    dateWake: z.iso.datetime().optional().meta({ description: "When a waiting run goes on." }),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "Run" });
export type Run = z.output<typeof Run>;

const Attempt = z.object({
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  error: RunError.optional(),
  nextAt: z.iso.datetime().optional().meta({ description: "When the next attempt is due." }),
});

export const StepRun = z
  .object({
    stepId: z.string(),
    instance: z
      .array(z.int())
      .readonly()
      .meta({ description: "Index of the item at each enclosing fan out, outermost first." }),
    type: z.string(),
    status: z.enum(["running", "waiting", "succeeded", "failed", "skipped"]),
    attempts: z.array(Attempt),
    input: z.unknown().optional().meta({
      description:
        "Secrets are redacted. Left out where there is none, or it is large: ask for it.",
    }),
    output: z.unknown().optional(),
    inputSize: z.int().meta({ description: "Bytes of JSON." }),
    outputSize: z.int(),
    isLargeInput: z.boolean(),
    isLargeOutput: z.boolean(),
    error: RunError.optional(),
    dateStarted: z.iso.datetime(),
    dateFinished: z.iso.datetime().optional(),
    dateUpdated: z.iso.datetime(),
  })
  .meta({ id: "StepRun" });
export type StepRun = z.output<typeof StepRun>;

export const RunWithSteps = Run.extend({
  input: z.unknown().optional().meta({ description: "The trigger's output." }),
  steps: z.array(StepRun).meta({ description: "In the order in which they began." }),
}).meta({ id: "RunWithSteps" });

/** A list in a query: `status=failed,cancelled`, or the parameter repeated. */
const Statuses = z
  .union([z.string().max(200), z.array(z.string().max(200)).max(10)])
  .transform((value) => [value].flat().flatMap((text) => text.split(",")))
  .pipe(z.array(RunStatus).max(20));

export const listRuns = defineEndpoint({
  id: "listRuns",
  method: "GET",
  path: `${projectPath}/runs`,
  summary: "List runs, newest first",
  description: "Runs of tests are listed with `tests=true` only.",
  tag: "Runs",
  auth: "apiKey",
  params: inProject,
  query: z.object({
    userId: UserId.optional(),
    workflowId: z.uuid().optional(),
    integration: z.string().max(100).optional().meta({ description: "Such as `notion`." }),
    status: Statuses.optional().meta({ description: "One, or several separated by commas." }),
    before: Instant.optional().meta({ description: "Created before." }),
    after: Instant.optional().meta({ description: "Created after." }),
    tests: z.stringbool().default(false),
    order: z.enum(["asc", "desc"]).default("desc"),
    limit: queryInt(1, 100).default(50),
    cursor: Cursor.optional(),
  }),
  response: z.object({ runs: z.array(Run), nextCursor: z.string().nullable() }),
  errors: ["project_not_found", "integration_not_found", "workflow_not_found"],
});

export const getRun = defineEndpoint({
  id: "getRun",
  method: "GET",
  path: `${projectPath}/runs/{runId}`,
  summary: "A run with its steps",
  tag: "Runs",
  auth: "apiKey",
  params: inRun,
  response: RunWithSteps,
  errors: ["project_not_found", "run_not_found"],
});

/** Where a step stands in fan outs: `0,2`. */
export const Instance = z
  .string()
  .regex(/^(\d{1,9}(,\d{1,9}){0,20})?$/, "must be indexes separated by commas, such as 0,2")
  .transform((text) => (text === "" ? [] : text.split(",").map(Number)));

export const getStepPayload = defineEndpoint({
  id: "getStepPayload",
  method: "GET",
  path: `${projectPath}/runs/{runId}/steps/{stepId}/payload`,
  summary: "A step's input or output in full",
  tag: "Runs",
  auth: "apiKey",
  params: inRun.extend({ stepId: z.string().max(64) }),
  query: z.object({
    kind: z.enum(["input", "output"]),
    instance: Instance.default([]).meta({
      description: "Index of the item at each enclosing fan out, outermost first: `0,2`.",
    }),
  }),
  response: z.object({ value: z.unknown() }),
  errors: ["project_not_found", "run_not_found", "step_not_found"],
});

const control = {
  method: "POST",
  tag: "Runs",
  auth: "apiKey",
  params: inRun,
  response: z.object({ status: RunStatus }),
  errors: ["project_not_found", "run_not_found", "run_finished"],
} as const;

export const cancelRun = defineEndpoint({
  ...control,
  id: "cancelRun",
  path: `${projectPath}/runs/{runId}/cancel`,
  summary: "Cancel a run",
  description: "A step under way is told to stop; what it has done at the provider stays done.",
});

export const pauseRun = defineEndpoint({
  ...control,
  id: "pauseRun",
  path: `${projectPath}/runs/{runId}/pause`,
  summary: "Pause a run after the step under way",
});

export const resumeRun = defineEndpoint({
  ...control,
  id: "resumeRun",
  path: `${projectPath}/runs/{runId}/resume`,
  summary: "Let a paused run go on",
});

export const replayRun = defineEndpoint({
  id: "replayRun",
  method: "POST",
  path: `${projectPath}/runs/{runId}/replay`,
  summary: "Run again with the original input",
  description:
    "A new run. `from: failed` takes over the steps that succeeded and goes on with the one that failed.",
  tag: "Runs",
  auth: "apiKey",
  params: inRun,
  body: z
    .strictObject({
      version: z.enum(["same", "newest"]).default("same").meta({
        description: "The version the run was pinned to, or the one that is deployed now.",
      }),
      from: z.enum(["start", "failed"]).default("start"),
    })
    .prefault({}),
  status: 201,
  response: z.object({ runId: z.uuid(), status: RunStatus }),
  errors: ["project_not_found", "run_not_found", "conflict"],
});

const streaming = {
  method: "GET",
  tag: "Runs",
  auth: "apiKey",
  headers: z.object({
    "last-event-id": z
      .string()
      .max(100)
      .optional()
      .meta({ description: "Goes on after this event; a browser's EventSource sends it itself." }),
  }),
} as const;

export const followRuns = defineEndpoint({
  ...streaming,
  id: "followRuns",
  path: `${projectPath}/runs/events`,
  summary: "Runs of the project as they change",
  description:
    "`run` carries a run as it is now. The stream begins with now, or with `Last-Event-ID`. An event may come twice.",
  params: inProject,
  query: z.object({ workflowId: z.uuid().optional(), userId: UserId.optional() }),
  stream: { run: Run },
  errors: ["project_not_found"],
});

export const followRun = defineEndpoint({
  ...streaming,
  id: "followRun",
  path: `${projectPath}/runs/{runId}/events`,
  summary: "A run and its steps as they change, to its end",
  description:
    "`run` and `step` carry how either is now. `end` carries the run as it ended; then the stream is over, " +
    "and asking again with its id answers 204.",
  params: inRun,
  stream: { run: Run, step: StepRun, end: Run },
  errors: ["project_not_found", "run_not_found"],
});

export const runEndpoints = [
  listRuns,
  followRuns,
  getRun,
  followRun,
  getStepPayload,
  cancelRun,
  pauseRun,
  resumeRun,
  replayRun,
] as const;
