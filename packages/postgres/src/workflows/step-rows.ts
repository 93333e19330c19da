import type { StepRecord } from "@tenon/runtime";
import type { Selectable } from "kysely";
import type { Database } from "../tables.ts";

/** JSON longer than this is stored apart. Characters. */
export const largeAt = 32_768;

/** A step's columns in the order of the statement that writes them, and what is stored apart. */
export interface StepRow {
  runId: string;
  record: StepRecord;
  instance: string;
  attempts: string;
  progress: string | null;
  input: string | null;
  output: string | null;
  error: string | null;
}

export function toStepRow(runId: string, record: StepRecord): StepRow {
  return {
    runId,
    record,
    instance: toArrayText(record.instance),
    attempts: JSON.stringify(record.attempts),
    progress: Object.keys(record.progress).length === 0 ? null : JSON.stringify(record.progress),
    input: toText(record.input),
    output: toText(record.output),
    error: toText(record.error),
  };
}

export function isLarge(text: string | null): text is string {
  return text !== null && text.length > largeAt;
}

/** Bytes of JSON: what the history calls a step's input and output size. */
export function sizeOf(text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}

/** PostgreSQL's text form of an integer array: arrays of arrays cannot be passed to `unnest`. */
export function toArrayText(instance: readonly number[]): string {
  return `{${instance.join(",")}}`;
}

export function parseJson(text: string | null | undefined): unknown {
  return text === null || text === undefined ? undefined : JSON.parse(text);
}

export type StoredStep = Selectable<Database["step_runs"]>;

/** @param payload what is stored apart of this step. */
export function toStepRecord(
  row: StoredStep,
  payload: { input?: string | undefined; output?: string | undefined },
): StepRecord {
  return {
    stepId: row.step_id,
    instance: row.instance,
    place: row.place,
    type: row.type,
    status: row.status,
    attempts: JSON.parse(row.attempts) as StepRecord["attempts"],
    progress: (parseJson(row.progress) ?? {}) as StepRecord["progress"],
    input: parseJson(row.input ?? payload.input),
    output: parseJson(row.output ?? payload.output),
    error: parseJson(row.error) as StepRecord["error"],
    startedAt: row.started_at,
    finishedAt: row.finished_at ?? undefined,
  };
}

function toText(value: unknown): string | null {
  return value === undefined ? null : (JSON.stringify(value) ?? null);
}
