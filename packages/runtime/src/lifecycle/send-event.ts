import type { ConnectionStore } from "@tenon/connections";
import type { Engine } from "../engine/engine.ts";
import { isRunnable, refuseRun, type RunnableWorkflow } from "./admit.ts";
import type { Directory, DirectoryView } from "./directory.ts";
import type { Enrollee } from "./enrollment-store.ts";
import type { ConfigurationSelector, WorkflowUser } from "./enrollments.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { newRun, type RunStart } from "./new-run.ts";
import { measureJson } from "./parse-input.ts";
import { selectConfiguration } from "./select-configuration.ts";
import { keyOf } from "./start-key.ts";
import type { SentEvent, StartedRun, Starts } from "./starts.ts";

/** Bytes of an event's payload as JSON. */
const maxPayloadBytes = 1_048_576;

/** Creates what app events are sent through. The user's configurations are read anew each time. */
export function createSendEvent(options: {
  directory: Directory;
  connections: ConnectionStore;
  engine: Engine;
}): Starts["sendEvent"] {
  const { directory, connections, engine } = options;

  async function enrolleesOf(
    user: WorkflowUser,
    workflows: readonly RunnableWorkflow[],
    selector: ConfigurationSelector | undefined,
  ): Promise<Enrollee[]> {
    const scope = { projectId: user.projectId, userId: user.id };
    const owned = await connections.list(scope);
    if (selector?.connection === undefined && selector?.configuration === undefined) {
      return owned.flatMap((connection) =>
        connection.configurations.map((configuration) => ({ user, connection, configuration })),
      );
    }
    const concerned = new Set(workflows.map(({ integrationId }) => integrationId));
    const among = owned.filter(({ integrationId }) => concerned.has(integrationId));
    return [{ user, ...selectConfiguration(among, selector) }];
  }

  return async (user, event, selector) => {
    const payload = readPayload(event.payload);
    const key = keyOf(event.idempotencyKey);
    const view = await viewWith(directory, user.projectId, event);
    const workflows = (view.byEvent.get(event.name) ?? []).filter(isRunnable);
    if (workflows.length === 0) return [];
    const enrollees = await enrolleesOf(user, workflows, selector);
    const pairs = pairUp(view, workflows, enrollees);
    // The same key for another event is another start.
    const startKey = key && JSON.stringify([event.name, key]);
    const start = { triggerType: "event", input: payload, key: startKey } as const;
    return startAll(engine, pairs, start);
  };
}

/** Not held against a schema, only against its size: copying it would double the work. */
function readPayload(payload: unknown): object {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw lifecycleError("invalid_request", "payload: must be a JSON object.");
  }
  measureJson(payload, maxPayloadBytes, "payload");
  return payload;
}

async function viewWith(
  directory: Directory,
  projectId: string,
  { name }: SentEvent,
): Promise<DirectoryView> {
  const held = directory.peek(projectId);
  if (held?.events.has(name)) return held;
  const view = await directory.reload(projectId);
  if (view.events.has(name)) return view;
  throw lifecycleError(
    "event_not_found",
    `The project has no app event "${name}". Create it, or correct the name.`,
  );
}

export interface StartPair {
  workflow: RunnableWorkflow;
  enrollee: Enrollee;
}

/** What starts of some workflows for some configurations. */
export function pairUp(
  view: DirectoryView,
  workflows: readonly RunnableWorkflow[],
  enrollees: readonly Enrollee[],
): StartPair[] {
  return workflows.flatMap((workflow) =>
    enrollees
      .filter(({ connection }) => connection.integrationId === workflow.integrationId)
      .filter((enrollee) => refuseRun(view, workflow, enrollee) === undefined)
      .map((enrollee) => ({ workflow, enrollee })),
  );
}

/** Starts a run for each pair, all in one go. */
export function startAll(
  engine: Engine,
  pairs: readonly StartPair[],
  start: Pick<RunStart, "triggerType" | "input" | "key">,
): Promise<StartedRun[]> {
  return Promise.all(
    pairs.map(async ({ workflow, enrollee }) => {
      const { id: workflowId, deployed } = workflow;
      const { versionId } = deployed;
      const run = newRun(enrollee, { ...start, workflowId, versionId });
      const { id, status } = await engine.start(run);
      return { runId: id, workflowId, status };
    }),
  );
}
