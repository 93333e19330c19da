import { type ConditionalStep, evaluate, type PlannedStep } from "@tenon/workflow";
import type * as z from "zod";
import type { Execution } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import type { Instance } from "./step-key.ts";

/**
 * Runs the branch whose condition holds first, to its end. What it chose once it keeps: a run that
 * goes on after a crash takes the same way.
 */
export async function runConditional(
  execution: Execution,
  planned: PlannedStep & { step: z.output<typeof ConditionalStep> },
  instance: Instance,
): Promise<Outcome> {
  const { step, conditions } = planned;
  const record = execution.recordOf(step, instance);
  if (record.status !== "succeeded") {
    const scope = execution.values.scopeAt(step.id, instance);
    const index = conditions.findIndex((condition) => evaluate(condition, scope));
    record.input = { branch: index };
    const { label } = step.branches[index] ?? step.otherwise;
    execution.finish(record, { status: "succeeded", output: { selectedChoice: label } });
  }
  execution.values.setOutput(step.id, instance, record.output);
  if (execution.run.onlyStep !== undefined) return { kind: "done" };
  // Labels need not differ, so the branch is known by its place; -1 is none of them.
  const { branch } = record.input as { branch: number };
  return execution.runChain((step.branches[branch] ?? step.otherwise).next, instance);
}
