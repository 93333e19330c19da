import type { Connection, ConnectionStore } from "@tenon/connections";
import { type Definition, type Plan, planWorkflow, readPath } from "@tenon/workflow";
import type { Engine } from "../engine/engine.ts";
import type { RunHistory } from "../history.ts";
import type { DoneStep } from "../run.ts";
import type { AppEventStore } from "./app-event-store.ts";
import { toRunnable } from "./check-definition.ts";
import { doneStepsOf } from "./done-steps.ts";
import type { Enrollee, EnrollmentStore } from "./enrollment-store.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { measureJson } from "./parse-input.ts";
import { newRun } from "./new-run.ts";
import { selectConfiguration, unknownConnection } from "./select-configuration.ts";
import type { StartedRun, Starts, StepTest, TestAccount } from "./starts.ts";
import { toTestable } from "./testable-step.ts";
import type { DraftDefinition, Workflow } from "./workflow.ts";
import type { Finding } from "./workflow-finding.ts";
import type { WorkflowStore } from "./workflow-store.ts";

export interface TestOptions {
  workflows: WorkflowStore;
  events: AppEventStore;
  enrollments: EnrollmentStore;
  connections: ConnectionStore;
  history: RunHistory;
  engine: Engine;
  finding: Finding;
  readTriggerSample?: (connection: Connection, triggerId: string) => Promise<unknown>;
}

/** Bytes of what a test is given. */
const maxBytes = 2_000_000;

/** A draft that is tested, as the version that was made of it. */
interface Snapshot {
  workflow: Workflow;
  definition: Definition;
  versionId: string;
}

/** Creates what drafts are tested with. Tests run as the user whose account they are given. */
export function createTestRuns(options: TestOptions): Pick<Starts, "testWorkflow" | "testStep"> {
  const { engine } = options;

  async function start(
    { workflow, definition, versionId }: Snapshot,
    enrollee: Enrollee,
    test: { input: unknown; onlyStep?: string; steps?: readonly DoneStep[] },
  ): Promise<StartedRun> {
    const { input, ...rest } = test;
    const run = newRun(enrollee, {
      workflowId: workflow.id,
      versionId,
      triggerType: definition.trigger.type,
      input,
      key: undefined,
    });
    const { id, status } = await engine.start({ ...run, ...rest, test: true });
    return { runId: id, workflowId: workflow.id, status };
  }

  return {
    async testWorkflow(projectId, workflowId, test) {
      measureJson(test.input, maxBytes, "input");
      const snapshot = await takeSnapshot(options, projectId, workflowId);
      const enrollee = await findAccount(options, snapshot.workflow, test.account);
      const input = test.input ?? (await sampleOf(options, snapshot.definition, enrollee));
      return start(snapshot, enrollee, { input });
    },

    async testStep(projectId, workflowId, stepId, test) {
      measureJson([test.input, test.outputs], maxBytes, "outputs");
      const snapshot = await takeSnapshot(options, projectId, workflowId, stepId);
      const plan = planWorkflow(snapshot.definition);
      const earlier = await readEarlier(options, snapshot, test);
      const enrollee = await findAccount(options, snapshot.workflow, test.account);
      const input =
        test.input ?? earlier?.input ?? (await sampleOf(options, snapshot.definition, enrollee));
      const steps = mergeOutputs(plan, stepId, earlier?.steps ?? [], test.outputs ?? {});
      return start(snapshot, enrollee, { input, onlyStep: stepId, steps });
    },
  };
}

/** Of the whole draft; or of what testing one step needs of it. */
async function takeSnapshot(
  { workflows, finding }: TestOptions,
  ...[projectId, workflowId, stepId]: [projectId: string, workflowId: string, stepId?: string]
): Promise<Snapshot> {
  const { workflow, draft, check } = await finding.readChecking(projectId, workflowId);
  if (stepId !== undefined) requireStep(workflow, draft.definition, stepId);
  // The code of a step that is tested by itself tells of its faults when it runs.
  const definition =
    stepId === undefined
      ? await toRunnable(workflow, draft.definition, check)
      : toTestable(workflow, draft.definition, { stepId, context: check.context });
  const versionId = await workflows.snapshot(projectId, workflow.id, definition);
  return { workflow, definition, versionId };
}

function requireStep({ title }: Workflow, { steps }: DraftDefinition, stepId: string): void {
  const ids = Array.isArray(steps) ? steps.map((step: unknown) => readPath(step, ["id"])) : [];
  if (ids.includes(stepId)) return;
  throw lifecycleError("step_not_found", `The workflow "${title}" has no step "${stepId}".`);
}

async function findAccount(
  { enrollments, connections }: TestOptions,
  { projectId, integrationId }: Workflow,
  account: TestAccount,
): Promise<Enrollee> {
  if ("connectionId" in account) {
    const { connectionId, configuration } = account;
    const enrollees = await enrollments.list(projectId, { connectionId });
    const [first] = enrollees.filter(
      ({ connection }) => connection.integrationId === integrationId,
    );
    if (first === undefined) throw unknownConnection(connectionId);
    const { user, connection } = first;
    return requireValid({ user, ...selectConfiguration([connection], { configuration }) });
  }
  const { userId: externalId, ...selector } = account;
  const user = await enrollments.findUser(projectId, { externalId });
  if (user === undefined) {
    throw lifecycleError("user_not_found", `The project has no connected user "${externalId}".`);
  }
  const owned = await connections.list({ projectId, userId: user.id }, { integrationId });
  return requireValid({ user, ...selectConfiguration(owned, selector) });
}

export function requireValid(enrollee: Enrollee): Enrollee {
  const { id, status } = enrollee.connection;
  if (status === "VALID") return enrollee;
  throw lifecycleError(
    "connection_invalid",
    `The connection ${id} no longer works. The user has to connect the account again.`,
  );
}

/** What a trigger gives where a test names nothing. */
async function sampleOf(
  { events, readTriggerSample }: TestOptions,
  { trigger }: Definition,
  { user: { projectId }, connection }: Enrollee,
): Promise<unknown> {
  switch (trigger.type) {
    case "event": {
      const known = await events.list(projectId);
      return known.find(({ name }) => name === trigger.event)?.sample ?? {};
    }
    case "request":
      return { request: { method: "POST", headers: {}, params: {}, body: {} } };
    case "integration":
      return (await readTriggerSample?.(connection, trigger.trigger)) ?? { result: {} };
    case "schedule":
      return { scheduledFor: new Date().toISOString() };
    case "enabled":
      return {};
    default:
      return trigger satisfies never;
  }
}

/** The run that outputs of earlier steps are taken from, if there is one. */
async function readEarlier(
  { workflows, history }: TestOptions,
  { workflow: { id, projectId } }: Snapshot,
  { fromRunId }: StepTest,
): Promise<{ input: unknown; steps: DoneStep[] } | undefined> {
  const runId = fromRunId ?? (await workflows.findTestRun(projectId, id));
  if (runId === undefined) return undefined;
  const run = await history.get(projectId, runId);
  if (run?.workflowId !== id) {
    if (fromRunId === undefined) return undefined;
    throw lifecycleError("run_not_found", `The workflow ${id} has no run "${fromRunId}".`);
  }
  return { input: run.input, steps: await doneStepsOf(history, projectId, runId) };
}

/** Outputs that are given go before those of an earlier run; a step in a fan out is its first item. */
function mergeOutputs(
  plan: Plan,
  stepId: string,
  earlier: readonly DoneStep[],
  outputs: Readonly<Record<string, unknown>>,
): DoneStep[] {
  const upstream = new Set(plan.upstreamOf(stepId));
  const now = new Date();
  const given = Object.entries(outputs).flatMap(([id, output]): DoneStep[] => {
    const type = plan.steps.get(id)?.step.type;
    if (type === undefined || !upstream.has(id)) return [];
    const instance = plan.fanOutsOf(id).map(() => 0);
    return [{ stepId: id, instance, type, output, startedAt: now, finishedAt: now }];
  });
  const kept = earlier.filter(
    (one) =>
      upstream.has(one.stepId) &&
      !Object.hasOwn(outputs, one.stepId) &&
      plan.steps.get(one.stepId)?.step.type === one.type,
  );
  return [...kept, ...given];
}
