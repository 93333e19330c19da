import type { Priority, RateLimit } from "./limiter.ts";

/** Highest first. */
export const priorities = ["interactive", "workflow", "backfill"] as const satisfies Priority[];

/**
 * The last part of every window is kept for those who are waited for by a person: a workflow sees
 * nine tenths of the provider's limit, a backfill six tenths.
 */
const parts: Record<Priority, number> = { interactive: 1, workflow: 0.9, backfill: 0.6 };

/** Up to which number of a window's permits each priority may go; at least one. */
export type Shares = Readonly<Record<Priority, number>>;

/** The shares of one window, or of this process' part of it where `processes` divide it blindly. */
export function toShares({ requests }: RateLimit, processes = 1): Shares {
  const share = (priority: Priority) =>
    Math.max(1, Math.floor((requests * parts[priority]) / processes));
  return {
    interactive: share("interactive"),
    workflow: share("workflow"),
    backfill: share("backfill"),
  };
}
