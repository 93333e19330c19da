import type { PostResult } from "../../src/store/records.ts";

/** What came back from the address. */
export function answerInWords({ status, error, cause }: PostResult): string {
  if (status !== null) return `answered ${status}`;
  return `no answer (${cause ?? error ?? "unknown reason"})`;
}

export function isTaken({ status }: Pick<PostResult, "status">): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** A duration short enough to be read at a glance. */
export function durationInWords(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
