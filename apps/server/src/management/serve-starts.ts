import { runs, starts as api } from "@tenon/contract";
import type { ConnectedUserStore } from "@tenon/postgres";
import type { StartedRun, Starts } from "@tenon/runtime";
import { requireUser } from "./require-user.ts";
import type { ServeInProject } from "./with-api-key.ts";

interface Services {
  starts: Starts;
  users: ConnectedUserStore;
}

/** Serves what starts runs with an API key: tests, replays, and events and calls for a user. */
export function serveStarts(serve: ServeInProject, { starts, users }: Services): void {
  serve(api.testWorkflow, async ({ params, body }, { id }) =>
    toStarted(await starts.testWorkflow(id, params.workflowId, body)),
  );

  serve(api.testStep, async ({ params, body }, { id }) =>
    toStarted(await starts.testStep(id, params.workflowId, params.stepId, body)),
  );

  serve(runs.replayRun, async ({ params, body }, { id }) =>
    toStarted(await starts.replay(id, params.runId, body)),
  );

  serve(api.sendEvent, async ({ params, body }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const { connection, configuration, ...event } = body;
    const started = await starts.sendEvent(user, event, { connection, configuration });
    return { runs: started.map(toStarted) };
  });

  serve(api.startWorkflow, async ({ params, body }, { id }) => {
    const user = await requireUser(users, id, params.userId);
    const { connection, configuration, ...call } = body;
    return toStarted(
      await starts.callWorkflow(user, {
        ...call,
        body: body.body,
        method: "POST",
        workflowId: params.workflowId,
        selector: { connection, configuration },
      }),
    );
  });
}

function toStarted({ runId, workflowId, status }: StartedRun) {
  return { runId, workflowId, status };
}
