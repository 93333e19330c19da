/** The time of the workspace: the machine's, moved by an offset that tests may set. */
export interface Clock {
  now(): number;
}

/** `2026-07-04T09:13:00.000Z`: pages, blocks, data sources and comments know only minutes. */
export function toMinute(time: number): string {
  return new Date(Math.floor(time / 60_000) * 60_000).toISOString();
}

/** `2026-07-04T09:13:00.290+00:00`: databases and views know milliseconds. */
export function toPrecise(time: number): string {
  return new Date(time).toISOString().replace("Z", "+00:00");
}
