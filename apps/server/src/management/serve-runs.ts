import { runs } from "@tenon/contract";
import type { RunControls, RunHistory } from "@tenon/runtime";
import { httpError } from "../http/errors.ts";
import { openEventStream } from "../http/event-stream.ts";
import type { IntegrationStore } from "@tenon/postgres";
import { followRun } from "./follow-run.ts";
import { integrationIdOf } from "./integration-id.ts";
import { isOver, toRun, toStepRun } from "./present-run.ts";
import type { RunFeed } from "./run-feed.ts";
import type { ServeInProject } from "./with-api-key.ts";

export interface RunServices {
  history: RunHistory;
  controls: RunControls;
  runFeed: RunFeed;
  integrations: IntegrationStore;
  /** Ends when the server stops: open streams end with it. */
  stopping: AbortSignal;
}

/** Serves the history of runs and what can be asked of one. */
export function serveRuns(serve: ServeInProject, services: RunServices): void {
  const { history, controls } = services;

  serve(runs.listRuns, async ({ query }, project) => {
    const { integration, status, tests, before, after, ...rest } = query;
    const page = await history.list({
      ...rest,
      projectId: project.id,
      integrationId: await integrationIdOf(services.integrations, project.id, integration),
      statuses: status,
      before: before === undefined ? undefined : new Date(before),
      after: after === undefined ? undefined : new Date(after),
      includeTests: tests,
    });
    return { runs: page.runs.map(toRun), nextCursor: page.nextCursor ?? null };
  });

  serve(runs.getRun, async ({ params }, project) => {
    const run = await findRun(history, project.id, params.runId);
    const steps = await history.steps(project.id, run.id);
    return { ...toRun(run), input: run.input, steps: steps.map(toStepRun) };
  });

  serve(runs.getStepPayload, async ({ params, query }, project) => {
    await findRun(history, project.id, params.runId);
    const { stepId } = params;
    const found = await history.payload(project.id, params.runId, { stepId, ...query });
    if (found) return { value: found.value };
    throw httpError("step_not_found", `The run has no ${query.kind} of a step "${stepId}" there.`);
  });

  serve(runs.cancelRun, async ({ params }, project) => ({
    status: await controls.cancel(project.id, params.runId),
  }));
  serve(runs.pauseRun, async ({ params }, project) => ({
    status: await controls.pause(project.id, params.runId),
  }));
  serve(runs.resumeRun, async ({ params }, project) => ({
    status: await controls.resume(project.id, params.runId),
  }));
}

/** Serves runs as they change. */
export function serveRunStreams(serve: ServeInProject, services: RunServices): void {
  const { history, runFeed, stopping } = services;

  serve(runs.followRuns, async ({ query, headers }, project, { reply }) => {
    const since = instantOf(headers["last-event-id"]);
    const stream = openEventStream(reply, stopping);
    runFeed.subscribe(project.id, {
      since,
      signal: stream.signal,
      onRun(run) {
        if (query.workflowId !== undefined && run.workflowId !== query.workflowId) return;
        if (query.userId !== undefined && run.userId !== query.userId) return;
        stream.send({ name: "run", id: run.updatedAt.toISOString(), data: toRun(run) });
      },
    });
  });

  serve(runs.followRun, async ({ params, headers }, project, { request, reply }) => {
    const run = await findRun(history, project.id, params.runId);
    const lastId = headers["last-event-id"];
    if (lastId?.startsWith("end ") && isOver(run.status)) {
      // Tells an EventSource that there is nothing more to come: it stops asking.
      void reply.code(204).send();
      return;
    }
    const stream = openEventStream(reply, stopping);
    followRun(history, run, { stream, since: instantOf(lastId) ?? new Date(0) }).catch(
      (error: unknown) => {
        request.log.warn({ err: error }, "A live view of a run was cut off");
        stream.close();
      },
    );
  });
}

/** The run; throws `run_not_found`. */
export async function findRun(history: RunHistory, projectId: string, runId: string) {
  const run = await history.get(projectId, runId);
  if (run) return run;
  throw httpError("run_not_found", `The project has no run "${runId}".`);
}

/** The time that an event's id names; anything else begins anew. */
function instantOf(id: string | undefined): Date | undefined {
  const isInstant = id !== undefined && runs.Run.shape.dateUpdated.safeParse(id).success;
  return isInstant ? new Date(id) : undefined;
}
