import { isDeepStrictEqual } from "node:util";
import type { Plan, Step } from "@tenon/workflow";
import type { Engine } from "../engine/engine.ts";
import type { RunHistory, StepSummary } from "../history.ts";
import type { DoneStep } from "../run.ts";
import { doneStepsOf } from "./done-steps.ts";
import type { EnrollmentStore } from "./enrollment-store.ts";
import { lifecycleError } from "./lifecycle-error.ts";
import { newRun } from "./new-run.ts";
import type { PlanSource } from "./plan-source.ts";
import { unknownConfiguration, unknownConnection } from "./select-configuration.ts";
import type { Starts } from "./starts.ts";
import { requireValid } from "./test-runs.ts";
import type { Finding } from "./workflow-finding.ts";

/**
 * Creates what runs are replayed with.
 *
 * - The input is the original one; settings and metadata are the user's present ones.
 * - Whether the workflow is enabled for the user now is not asked: a person wants this run again.
 */
export function createReplay(options: {
  finding: Finding;
  enrollments: EnrollmentStore;
  history: RunHistory;
  plans: PlanSource;
  engine: Engine;
}): Starts["replay"] {
  const { finding, enrollments, history, plans, engine } = options;

  async function findEnrollee(projectId: string, connectionId: string, configurationId: string) {
    const enrollees = await enrollments.list(projectId, { connectionId });
    if (enrollees.length === 0) throw unknownConnection(connectionId);
    const enrollee = enrollees.find(({ configuration }) => configuration.id === configurationId);
    if (enrollee === undefined) throw unknownConfiguration(configurationId);
    return requireValid(enrollee);
  }

  async function doneBefore(
    projectId: string,
    run: { id: string; versionId: string },
    versionId: string,
  ): Promise<DoneStep[]> {
    const [was, is, steps] = await Promise.all([
      plans.readPlan({ projectId, versionId: run.versionId }),
      plans.readPlan({ projectId, versionId }),
      history.steps(projectId, run.id),
    ]);
    const failed = steps.filter(({ status }) => status === "failed");
    return doneStepsOf(history, projectId, run.id, (step) => mayCount(step, { was, is, failed }));
  }

  return async (projectId, runId, { version, from }) => {
    const run = await history.get(projectId, runId);
    if (run === undefined) {
      throw lifecycleError("run_not_found", `The project has no run "${runId}".`);
    }
    const workflow = await finding.get(projectId, run.workflowId);
    if (version === "newest" && workflow.deployed === null) {
      throw lifecycleError(
        "workflow_not_deployed",
        `The workflow "${workflow.title}" is not deployed. Replay the run with the version it had, or deploy the workflow.`,
      );
    }
    const versionId =
      version === "newest" ? (workflow.deployed?.versionId ?? run.versionId) : run.versionId;
    const enrollee = await findEnrollee(projectId, run.connectionId, run.configurationId);
    const steps = from === "failed" ? await doneBefore(projectId, run, versionId) : [];
    const replay = newRun(enrollee, {
      workflowId: run.workflowId,
      versionId,
      triggerType: run.triggerType,
      input: run.input,
      key: undefined,
    });
    // A changed step is another request: with the same key a receiver could refuse it.
    const goesOn = from === "failed" && versionId === run.versionId;
    const { id, status } = await engine.start({
      ...replay,
      context: {
        ...replay.context,
        ...(goesOn && { idempotencyRunId: run.idempotencyRunId }),
      },
      replayOf: run.id,
      ...(run.test && { test: true }),
      ...(steps.length > 0 && { steps }),
    });
    return { runId: id, workflowId: run.workflowId, status };
  };
}

interface Between {
  was: Plan;
  is: Plan;
  failed: readonly StepSummary[];
}

/**
 * Whether a step that was done counts as done in the replay: it is the same in both versions and
 * does not come after one that failed. Conditionals and fan outs are walked again: they only decide.
 */
function mayCount(done: StepSummary, { was, is, failed }: Between): boolean {
  const before = was.steps.get(done.stepId)?.step;
  const after = is.steps.get(done.stepId)?.step;
  if (before === undefined || after === undefined) return false;
  if (before.type === "conditional" || before.type === "fanOut") return false;
  if (!isDeepStrictEqual(work(before), work(after))) return false;
  if (!isDeepStrictEqual(was.fanOutsOf(done.stepId), is.fanOutsOf(done.stepId))) return false;
  const upstream = new Set(was.upstreamOf(done.stepId));
  return !failed.some(
    (one) => upstream.has(one.stepId) && areInOneItem(one.instance, done.instance),
  );
}

/** What of a step decides what it does: not its title, nor what comes after it. */
function work(step: Step): object {
  return { ...step, title: undefined, next: undefined };
}

/** Whether both are of one item at every fan out that is around both. */
function areInOneItem(a: readonly number[], b: readonly number[]): boolean {
  return a.every((index, depth) => depth >= b.length || b[depth] === index);
}
