/** Notion tells the times of pages and comments to the minute, rounded down. */
export const minuteMs = 60_000;

/** The minute that a time is in. */
export function minuteOf(time: Date): number {
  return Math.floor(time.getTime() / minuteMs) * minuteMs;
}
