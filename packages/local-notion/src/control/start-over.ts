import type { Instance } from "../instance.ts";

/** Ends what is under way: faults, counted requests, what was to be sent or done later. */
export function startOver({ faults, requests, limiter, schedule }: Instance): void {
  faults.clear();
  requests.clear();
  limiter.reset();
  schedule.clear();
}
