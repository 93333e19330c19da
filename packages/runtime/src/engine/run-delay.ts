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
  if (record.status !== "waiting") {
    const scope = execution.values.scopeAt(step.id, instance);
    try {
      const resolved = resolveValue(planned.input, scope) as Record<string, unknown>;
      const waitMs = execution.run.test ? 0 : delayMsOf(step, resolved);
      record.input = { until: new Date(execution.nowMs() + waitMs).toISOString() };
    } catch (error) {
      return execution.failStep(record, error);
    }
    record.status = "waiting";
    execution.journal.write(record);
  }
  const { until } = record.input as { until: string };
  const untilMs = Date.parse(until);
  if (untilMs > execution.nowMs()) return { kind: "suspended", untilMs };
  execution.finish(record, { status: "succeeded", output: {} });
  return { kind: "done" };
}
