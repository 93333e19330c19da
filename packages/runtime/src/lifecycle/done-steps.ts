import type { RunHistory, StepSummary } from "../history.ts";
import type { DoneStep } from "../run.ts";

/** The steps of a run that are done, with their outputs. */
export async function doneStepsOf(
  history: RunHistory,
  projectId: string,
  runId: string,
  keeps: (step: StepSummary) => boolean = () => true,
): Promise<DoneStep[]> {
  const steps = await history.steps(projectId, runId);
  const done = steps.filter((step) => step.status === "succeeded" && keeps(step));
  return Promise.all(
    done.map(async (step) => {
      const { stepId, instance, type, startedAt, finishedAt = startedAt } = step;
      const large = step.isLargeOutput
        ? await history.payload(projectId, runId, { stepId, instance, kind: "output" })
        : undefined;
      const output = step.isLargeOutput ? large?.value : step.output;
      return { stepId, instance, type, output, startedAt, finishedAt };
    }),
  );
}
