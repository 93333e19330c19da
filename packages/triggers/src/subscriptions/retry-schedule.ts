const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** How long after each attempt the next one follows: Standard Webhooks' own proposal. */
export const defaultDelaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
];

const jitter = 0.1;
/** A receiver cannot put a message off for longer. */
const longestRetryAfterMs = 24 * hour;

/**
 * How long to wait for the next attempt; undefined after the last one. Up to a tenth more or less,
 * so that what failed together does not come back together; never before the receiver's Retry-After.
 *
 * @param attempts how many there were.
 */
export function nextDelayMs(
  attempts: number,
  options: {
    delaysMs: readonly number[];
    retryAfterMs: number | undefined;
    random: () => number;
  },
): number | undefined {
  const delayMs = options.delaysMs[attempts - 1];
  if (delayMs === undefined) return undefined;
  const spread = delayMs * (1 + jitter * (2 * options.random() - 1));
  return Math.max(spread, Math.min(options.retryAfterMs ?? 0, longestRetryAfterMs));
}
