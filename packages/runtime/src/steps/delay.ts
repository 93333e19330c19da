import type { DelayStep } from "@tenon/workflow";
import type * as z from "zod";
import { StepFailure } from "../step-failure.ts";

const unitMs = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
const longestMs = 365 * unitMs.days;

/**
 * How long a Delay step waits.
 *
 * @param input its resolved fields: `value` is a number, or a text that reads as one.
 */
export function delayMsOf(
  step: z.output<typeof DelayStep>,
  input: Record<string, unknown>,
): number {
  const { value } = input;
  const isText = typeof value === "string" && value.trim() !== "";
  const amount = isText ? Number(value) : value;
  if (typeof amount !== "number" || !Number.isFinite(amount) || amount < 0) {
    throw new StepFailure(
      "invalid_input",
      `The delay needs a number of ${step.unit}, 0 or more, and got ${describe(value)}.`,
    );
  }
  const ms = amount * unitMs[step.unit];
  if (ms <= longestMs) return ms;
  throw new StepFailure(
    "invalid_input",
    `The delay is ${amount} ${step.unit}; the longest is 365 days.`,
  );
}

function describe(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 100);
}
