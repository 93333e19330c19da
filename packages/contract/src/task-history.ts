import * as z from "zod";
import { defineEndpoint } from "./endpoint.ts";

/**
 * Paragon's Task History API: its paths, its words, with an API key of ours. A workflow execution is
 * a run, a step execution is a step of it.
 */
const path = "/projects/{projectId}/task-history/workflow-executions";
const inProject = z.object({ projectId: z.uuid() });
const inExecution = inProject.extend({ executionId: z.uuid() });

export const ExecutionStatus = z
  .enum(["EXECUTING", "FAILED", "SUCCEEDED", "DELAYED"])
  .meta({ description: "A cancelled run is FAILED, a paused or waiting one DELAYED." });
export type ExecutionStatus = z.output<typeof ExecutionStatus>;

export const WorkflowExecution = z
  .object({
    id: z.uuid(),
    userId: z.string(),
    workflowId: z.uuid(),
    status: ExecutionStatus,
    taskCount: z.int(),
    runDuration: z.int().meta({ description: "Milliseconds, so far or in all." }),
    dateStarted: z.iso.datetime(),
    dateEnded: z.iso.datetime().nullable(),
  })
  .meta({ id: "WorkflowExecution" });
export type WorkflowExecution = z.output<typeof WorkflowExecution>;

export const StepExecution = z
  .object({
    id: z.string(),
    stepId: z.string(),
    workflowExecutionId: z.uuid(),
    status: ExecutionStatus,
    type: z.string().meta({ description: "Such as `TRIGGER/CRON` or `ACTION/REQUEST`." }),
    start: z.iso.datetime(),
    end: z.iso.datetime().nullable(),
    next: z.array(z.string()).meta({ description: "Ids of the step executions that followed." }),
    prev: z.string().nullable(),
    inputSize: z.int(),
    outputSize: z.int(),
  })
  .meta({ id: "StepExecution" });
export type StepExecution = z.output<typeof StepExecution>;

/** Dates as Paragon's clients write them: a day, or an instant. */
const When = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

const shared = { tag: "Task history", auth: "apiKey" } as const;

export const listExecutions = defineEndpoint({
  ...shared,
  id: "listWorkflowExecutions",
  method: "GET",
  path,
  summary: "Workflow executions, a hundred at a time",
  params: inProject,
  query: z.object({
    userId: z.string().max(500).optional(),
    workflowId: z.uuid().optional(),
    integration: z.string().max(100).optional(),
    status: ExecutionStatus.optional(),
    beforeDate: When.optional(),
    afterDate: When.optional(),
    offset: z.coerce.number().pipe(z.int().min(0).max(1_000_000)).default(0),
    sortBy: z.enum(["ASC", "DESC"]).default("DESC"),
  }),
  response: z.object({
    workflowExecutions: z.array(WorkflowExecution),
    nextLink: z.string().nullable(),
    total: z.int(),
  }),
  errors: ["project_not_found", "integration_not_found"],
});

export const getExecution = defineEndpoint({
  ...shared,
  id: "getWorkflowExecution",
  method: "GET",
  path: `${path}/{executionId}`,
  summary: "A workflow execution with its step executions",
  params: inExecution,
  response: WorkflowExecution.extend({ stepExecutions: z.array(StepExecution) }),
  errors: ["project_not_found", "run_not_found"],
});

export const getStepExecution = defineEndpoint({
  ...shared,
  id: "getStepExecution",
  method: "GET",
  path: `${path}/{executionId}/step-executions/{stepExecutionId}`,
  summary: "A step execution's input and output",
  description: "Input and output are given in full; the flags tell whether they are large.",
  params: inExecution.extend({ stepExecutionId: z.string().max(500) }),
  response: z.object({
    isLargeInput: z.boolean(),
    isLargeOutput: z.boolean(),
    input: z.unknown(),
    output: z.unknown(),
  }),
  errors: ["project_not_found", "run_not_found", "step_not_found"],
});

export const replayExecution = defineEndpoint({
  ...shared,
  id: "replayWorkflowExecution",
  method: "POST",
  path: `${path}/{executionId}/replay`,
  summary: "Run again with the original input, in the same version",
  params: inExecution,
  status: 201,
  response: z.object({
    id: z.uuid(),
    userId: z.string(),
    workflowId: z.uuid(),
    status: ExecutionStatus,
    dateStarted: z.iso.datetime(),
  }),
  errors: ["project_not_found", "run_not_found", "conflict"],
});

export const taskHistoryEndpoints = [
  listExecutions,
  getExecution,
  getStepExecution,
  replayExecution,
] as const;
