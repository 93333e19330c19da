import { taskHistory as api } from "@tenon/contract";
import type { IntegrationStore } from "@tenon/postgres";
import type { PlanSource, RunFilter, RunHistory, RunSummary, Starts } from "@tenon/runtime";
import { httpError } from "../http/errors.ts";
import { integrationIdOf } from "../management/integration-id.ts";
import { findRun } from "../management/serve-runs.ts";
import type { ServeInProject } from "../management/with-api-key.ts";
import { toExecution, toExecutionStatus, toRunStatuses } from "./to-execution.ts";
import { stepExecutionId, toStepExecutions } from "./to-step-executions.ts";

interface Services {
  history: RunHistory;
  integrations: IntegrationStore;
  plans: PlanSource;
  starts: Starts;
  /** The server's public URL. */
  url: string;
}

/** What Paragon's API gives at a time. */
const pageSize = 100;

/** Serves Paragon's Task History API. */
export function serveTaskHistory(serve: ServeInProject, services: Services): void {
  const { history, integrations, plans, starts, url } = services;

  serve(api.listExecutions, async ({ query }, { id }, { request }) => {
    const filter: RunFilter = {
      projectId: id,
      userId: query.userId,
      workflowId: query.workflowId,
      integrationId: await integrationIdOf(integrations, id, query.integration),
      statuses: query.status && toRunStatuses(query.status),
      before: toDate(query.beforeDate),
      after: toDate(query.afterDate),
    };
    const { offset } = query;
    const order = query.sortBy === "ASC" ? "asc" : "desc";
    const [page, total] = await Promise.all([
      history.list({ ...filter, limit: pageSize, offset, order }),
      history.count(filter),
    ]);
    const now = new Date();
    return {
      workflowExecutions: page.runs.map((run) => toExecution(run, now)),
      nextLink: offset + pageSize < total ? nextLink(url, request.url, offset) : null,
      total,
    };
  });

  serve(api.getExecution, async ({ params }, { id }) => {
    const run = await findRun(history, id, params.executionId);
    const [steps, plan] = await Promise.all([
      history.steps(id, run.id),
      plans.readPlan({ projectId: id, versionId: run.versionId }),
    ]);
    return {
      ...toExecution(run, new Date()),
      stepExecutions: toStepExecutions(run, steps, plan.definition),
    };
  });

  serve(api.getStepExecution, async ({ params }, { id }) => {
    const run = await findRun(history, id, params.executionId);
    const steps = await history.steps(id, run.id);
    const step = steps.find((one) => stepExecutionId(one) === params.stepExecutionId);
    if (!step) return readTrigger(services, run, params.stepExecutionId);
    const read = async (kind: "input" | "output") => {
      const { stepId, instance } = step;
      return (await history.payload(id, run.id, { stepId, instance, kind }))?.value;
    };
    return {
      isLargeInput: step.isLargeInput,
      isLargeOutput: step.isLargeOutput,
      input: (await read("input")) ?? null,
      output: (await read("output")) ?? null,
    };
  });

  serve(api.replayExecution, async ({ params }, { id }) => {
    const original = await findRun(history, id, params.executionId);
    const started = await starts.replay(id, original.id, { version: "same", from: "start" });
    return {
      id: started.runId,
      userId: original.userId,
      workflowId: started.workflowId,
      status: toExecutionStatus(started.status),
      dateStarted: new Date().toISOString(),
    };
  });
}

/** The trigger has no step of its own in our history: what it put out is the run's input. */
async function readTrigger(
  { plans }: Services,
  run: RunSummary & { input: unknown },
  stepExecutionId: string,
) {
  const { projectId, versionId } = run;
  const { trigger } = await plans.readPlan({ projectId, versionId });
  if (trigger.id !== stepExecutionId) {
    throw httpError("step_not_found", `The execution has no step execution "${stepExecutionId}".`);
  }
  return { isLargeInput: false, isLargeOutput: false, input: null, output: run.input };
}

function nextLink(url: string, requestUrl: string, offset: number): string {
  const next = new URL(requestUrl, url);
  next.searchParams.set("offset", String(offset + pageSize));
  return next.href;
}

function toDate(when: string | undefined): Date | undefined {
  return when === undefined ? undefined : new Date(when);
}
