import type { Log } from "@tenon/connections";
import type { Plan } from "@tenon/workflow";
import type { Reply } from "../run.ts";
import type { StepExecutors } from "./execution.ts";
import { createRedactor } from "./redact.ts";
import { RunExecution } from "./run-execution.ts";
import { RunJournal } from "./run-journal.ts";
import type { ClaimedRun, RunStore } from "./run-store.ts";
import { RunValues } from "./run-values.ts";

/** Where an execution gets what it needs. */
export interface ExecutionSources {
  store: RunStore;
  /** The plan of a version; versions never change. */
  readPlan(run: { projectId: string; versionId: string }): Plan | Promise<Plan>;
  /** Values of environment secrets by name; those that do not exist are left out. */
  readSecrets(projectId: string, names: ReadonlySet<string>): Promise<Record<string, string>>;
  readAccessToken(connectionId: string): Promise<string>;
  executors: StepExecutors;
  log: Log;
}

/** Makes a claimed run ready to be worked on: its plan, its values, and what is done already. */
export async function openExecution(
  sources: ExecutionSources,
  of: { run: ClaimedRun; workerId: string; onReply(reply: Reply): void },
): Promise<RunExecution> {
  const { store, executors, log } = sources;
  const { run, workerId, onReply } = of;
  const plan = await sources.readPlan(run);
  const { uses } = plan;
  const [secrets, accessToken, records] = await Promise.all([
    uses.secrets.size === 0 ? {} : sources.readSecrets(run.projectId, uses.secrets),
    uses.accessToken ? sources.readAccessToken(run.connectionId) : undefined,
    run.resumed ? store.readSteps(run.id) : [],
  ]);
  const facts = { input: run.input, context: run.context, secrets, accessToken };
  const values = new RunValues(plan, facts);
  for (const { stepId, instance, status, output } of records) {
    if (status === "succeeded") values.setOutput(stepId, instance, output);
  }
  return new RunExecution({
    run,
    plan,
    values,
    redactor: createRedactor({ ...secrets, ...(accessToken !== undefined && { accessToken }) }),
    executors,
    records,
    openJournal: (execution) =>
      new RunJournal({
        store,
        workerId,
        run,
        onControl: (control) => execution.stop(control),
        onLost: (error) => execution.lose(error),
      }),
    onReply,
    log,
  });
}
