import { type FanOutStep, type PlannedStep, resolveValue } from "@tenon/workflow";
import type * as z from "zod";
import { StepFailure } from "../step-failure.ts";
import type { Execution } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import type { Instance } from "./step-key.ts";

/** Enough for real lists; beyond it a workflow would be lost in its own history. */
const maxItems = 10_000;
const maxItemsInTest = 20;

/**
 * Runs the branch of a fan out for each item, some at a time.
 *
 * - Where a branch fails, no further one begins; those under way are run to their end.
 * - Where branches have to wait, all others are run first; then the run waits for the nearest.
 */
export async function runFanOut(
  execution: Execution,
  planned: PlannedStep & { step: z.output<typeof FanOutStep> },
  instance: Instance,
): Promise<Outcome> {
  const { step } = planned;
  const record = execution.recordOf(step, instance);
  const scope = execution.values.scopeAt(step.id, instance);
  let items: readonly unknown[];
  try {
    const input = resolveValue(planned.input, scope) as { items: unknown };
    items = assertList(input.items, execution.run.test);
  } catch (error) {
    return execution.failStep(record, error);
  }
  execution.values.setItems(step.id, instance, items);
  if (record.status !== "succeeded") {
    record.input = { count: items.length };
    execution.journal.write(record);
  }
  const outcome =
    execution.run.onlyStep === undefined
      ? await runBranches(execution, { step, instance, count: items.length })
      : ({ kind: "done" } as const);
  if (outcome.kind !== "done") return outcome;
  if (record.status !== "succeeded") {
    execution.finish(record, { status: "succeeded", output: { count: items.length } });
  }
  execution.values.setOutput(step.id, instance, record.output);
  return outcome;
}

async function runBranches(
  execution: Execution,
  of: { step: z.output<typeof FanOutStep>; instance: Instance; count: number },
): Promise<Outcome> {
  const { step, instance, count } = of;
  let next = 0;
  let worst = { kind: "done" } as Outcome;
  const runSome = async () => {
    while (next < count && worst.kind !== "failed" && !execution.hasStopped) {
      const index = next;
      next += 1;
      const outcome = await execution.runChain(step.each, [...instance, index]);
      worst = worse(worst, outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(step.concurrency, count) }, runSome));
  return execution.hasStopped && worst.kind !== "failed" ? { kind: "stopped" } : worst;
}

const severity = { done: 0, suspended: 1, stopped: 2, failed: 3 } as const;

function worse(a: Outcome, b: Outcome): Outcome {
  if (a.kind === "suspended" && b.kind === "suspended") return a.untilMs < b.untilMs ? a : b;
  return severity[b.kind] > severity[a.kind] ? b : a;
}

function assertList(items: unknown, isTest: boolean): readonly unknown[] {
  if (!Array.isArray(items)) {
    const got = items === null ? "null" : typeof items;
    throw new StepFailure(
      "invalid_input",
      `The fan out needs a list and got ${got}. Point its items at a list of an earlier step.`,
    );
  }
  if (isTest) return items.slice(0, maxItemsInTest);
  if (items.length <= maxItems) return items;
  throw new StepFailure(
    "invalid_input",
    `The fan out got ${items.length} items; it takes at most ${maxItems}. Split the list.`,
  );
}
