import { type Control, type JournalEntry, RunLost, type StepRecord } from "@tenon/runtime";
import type { Pool } from "pg";
import { isLarge, sizeOf, type StepRow, toStepRow } from "./step-rows.ts";

/** What is to be written of one run: several entries of it in one batch become one. */
interface RunWrite {
  entry: JournalEntry;
  steps: Map<string, StepRecord>;
}

export type WriteResult = { control: Control | undefined } | { lost: RunLost };

/**
 * Writes entries of many runs in one statement, which is one commit.
 *
 * - Who no longer has the run (`fence`, `worker_id`) writes nothing of it: the update locks the
 *   run's row, so that a take-over is either before this commit or waits for it.
 * - Repeating it has the effect of doing it once.
 */
export async function writeJournal(
  pool: Pool,
  workerId: string,
  entries: readonly JournalEntry[],
): Promise<WriteResult[]> {
  const writes = mergeByRun(entries);
  const { rows } = await pool.query<{ id: string; control: Control | null }>({
    name: "tenon-write-journal",
    text: statement,
    values: [workerId, ...runColumns(writes), ...stepColumns(writes)],
  });
  const held = new Map(rows.map((row) => [row.id, row.control ?? undefined]));
  return entries.map(({ run }) =>
    held.has(run.id)
      ? { control: held.get(run.id) }
      : { lost: new RunLost(`Run ${run.id} is no longer worked on here.`) },
  );
}

function mergeByRun(entries: readonly JournalEntry[]): RunWrite[] {
  const writes = new Map<string, RunWrite>();
  for (const entry of entries) {
    const write = writes.get(entry.run.id) ?? { entry, steps: new Map<string, StepRecord>() };
    if (entry.end !== undefined) write.entry = entry;
    for (const step of entry.steps) write.steps.set(`${step.stepId} ${step.instance.join()}`, step);
    writes.set(entry.run.id, write);
  }
  return [...writes.values()];
}

function runColumns(writes: readonly RunWrite[]): unknown[] {
  const ends = writes.map(({ entry }) => entry.end);
  return [
    writes.map(({ entry }) => entry.run.id),
    writes.map(({ entry }) => entry.run.fence),
    ends.map((end) => end?.status ?? null),
    ends.map((end) => end?.wakeAt ?? null),
    ends.map((end) => (end?.error === undefined ? null : JSON.stringify(end.error))),
    ends.map((end) => end?.taskCount ?? null),
  ];
}

function stepColumns(writes: readonly RunWrite[]): unknown[] {
  const rows = writes.flatMap(({ entry, steps }) =>
    [...steps.values()].map((step) => toStepRow(entry.run.id, step)),
  );
  const column = (read: (row: StepRow) => unknown) => rows.map(read);
  return [
    column((row) => row.runId),
    column((row) => row.record.stepId),
    column((row) => row.instance),
    column((row) => row.record.type),
    column((row) => row.record.status),
    column((row) => row.attempts),
    column((row) => row.progress),
    column((row) => (isLarge(row.input) ? null : row.input)),
    column((row) => (isLarge(row.output) ? null : row.output)),
    column((row) => row.error),
    column((row) => sizeOf(row.input)),
    column((row) => sizeOf(row.output)),
    column((row) => row.record.startedAt),
    column((row) => row.record.finishedAt ?? null),
    column((row) => (isLarge(row.input) ? row.input : null)),
    column((row) => (isLarge(row.output) ? row.output : null)),
    column((row) => row.record.place),
  ];
}

/** What was asked of a run while it was let go of is not forgotten. */
const endStatus = `case
        when entry.status is null then run.status
        when entry.status not in ('queued', 'waiting') or run.control is null then entry.status
        when run.control = 'cancel' then 'cancelled'
        else 'paused'
      end`;

const statement = `
  with entry as (
    select * from unnest($2::uuid[], $3::integer[], $4::text[], $5::timestamptz[], $6::text[], $7::integer[])
      as entry (run_id, fence, status, wake_at, error, task_count)
  ),
  held as (
    update runs as run set
      status = ${endStatus},
      wake_at = case when entry.status is null then run.wake_at else entry.wake_at end,
      error = case when entry.status is null then run.error else entry.error end,
      task_count = coalesce(entry.task_count, run.task_count),
      worker_id = case when entry.status is null then run.worker_id end,
      control = case when entry.status is null then run.control end,
      finished_at = case
        when ${endStatus} in ('succeeded', 'failed', 'cancelled') then clock_timestamp()
      end,
      updated_at = clock_timestamp()
    from entry
    where run.id = entry.run_id and run.fence = entry.fence
      and run.worker_id = $1 and run.status = 'running'
    returning run.id, run.control
  ),
  step as (
    select step.* from unnest(
      $8::uuid[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
      $15::text[], $16::text[], $17::text[], $18::integer[], $19::integer[], $20::timestamptz[],
      $21::timestamptz[], $22::text[], $23::text[], $24::integer[]
    ) as step (
      run_id, step_id, instance, type, status, attempts, progress,
      input, output, error, input_size, output_size, started_at,
      finished_at, large_input, large_output, place
    )
    join held on held.id = step.run_id
  ),
  written as (
    insert into step_runs (
      run_id, step_id, instance, type, status, attempts, progress, input, output, error,
      input_size, output_size, started_at, finished_at, place
    )
    select run_id, step_id, instance::integer[], type, status, attempts, progress, input, output,
      error, input_size, output_size, started_at, finished_at, place
    from step
    on conflict (run_id, step_id, instance) do update set
      status = excluded.status, attempts = excluded.attempts, progress = excluded.progress,
      input = excluded.input, output = excluded.output, error = excluded.error,
      input_size = excluded.input_size, output_size = excluded.output_size,
      started_at = excluded.started_at, finished_at = excluded.finished_at,
      updated_at = clock_timestamp()
  ),
  apart as (
    insert into step_payloads (run_id, step_id, instance, kind, body)
    select run_id, step_id, instance::integer[], 'input', large_input from step
      where large_input is not null
    union all
    select run_id, step_id, instance::integer[], 'output', large_output from step
      where large_output is not null
    on conflict (run_id, step_id, instance, kind) do update set body = excluded.body
  )
  select id, control from held`;
