import { type DelayStep, type PlannedStep, resolveValue } from "@tenon/workflow";
import type * as z from "zod";
import { delayMsOf } from "../steps/delay.ts";
import type { Execution } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import type { Instance } from "./step-key.ts";

/** Waits without a worker. In a test nobody waits. */
export async function runDelay(
  execution: Execution,
  planned: PlannedStep & { step: z.output<typeof DelayStep> },
  instance: Instance,
): Promise<Outcome> {
  const { step } = planned;
  const record = execution.recordOf(step, instance);
  if (record.status === "succeeded") return { kind: "done" };
  const scope = execution.values.scopeAt(step.id, instance);
  let waitMs: number;
  try {
    waitMs = delayMsOf(step, resolveValue(planned.input, scope) as Record<string, unknown>);
  } catch (error) {
    return execution.failStep(record, error);
  }
  const untilMs = record.startedAt.getTime() + (execution.run.test ? 0 : waitMs);
  if (untilMs > Date.now()) {
    if (record.status !== "waiting") {
      record.status = "waiting";
      record.input = { until: new Date(untilMs).toISOString() };
      execution.journal.write(record);
    }
    return { kind: "suspended", untilMs };
  }
  execution.finish(record, { status: "succeeded", output: {} });
  return { kind: "done" };
}
