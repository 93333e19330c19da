import type { Retry } from "@tenon/workflow";
import type { Attempt } from "../run.ts";
import type { StepFailure } from "../step-failure.ts";

/** A provider that is busy for longer is not waited for any more. */
const longestBusyMs = 24 * 3_600_000;
const shortestBusyMs = 250;
const maxKept = 50;

/** After how long a step that failed is tried again; undefined: not again. */
export function nextAttemptInMs(
  attempts: readonly Attempt[],
  failure: StepFailure,
  retry: Retry,
): number | undefined {
  if (!failure.transient) return undefined;
  if (failure.retryAfterMs !== undefined) {
    const since = attempts.find((one) => one.busy)?.startedAt;
    const waitedMs = since === undefined ? 0 : Date.now() - Date.parse(since);
    return waitedMs < longestBusyMs ? Math.max(shortestBusyMs, failure.retryAfterMs) : undefined;
  }
  // One that a crash cut off has no error, and does not use up what the step may try.
  const failed = attempts.filter((one) => one.error !== undefined && !one.busy).length;
  const delayMs = retry.delaysMs[failed - 1];
  return delayMs === undefined ? undefined : delayMs * (0.9 + Math.random() * 0.2);
}

/** Which attempt comes next; waits for a busy provider do not count. 1 is the first. */
export function countAttempts(attempts: readonly Attempt[]): number {
  return attempts.filter((one) => !one.busy).length;
}

/** Keeps the list short where a provider stays busy: of many waits the first and the last. */
export function shortenAttempts(attempts: Attempt[]): void {
  if (attempts.length <= maxKept) return;
  const index = attempts.findIndex((one, at) => at > 0 && one.busy && attempts[at - 1]?.busy);
  if (index > 0) attempts.splice(index, 1);
}
