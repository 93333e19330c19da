import { type Kysely, sql } from "kysely";
import type { Database } from "../tables.ts";

/** Puts waiting runs whose time has come into the queue. Answers when the next is due. */
export async function wake(db: Kysely<Database>): Promise<Date | undefined> {
  const { rows } = await sql<{ wake_at: Date | null }>`
    with due as (
      update runs set status = 'queued', updated_at = clock_timestamp()
      where status = 'waiting' and wake_at <= clock_timestamp()
      returning id
    ),
    told as (select pg_notify('tenon_changes', 'runs') from due limit 1)
    select min(wake_at) as wake_at, (select count(*) from told) from runs
    where status = 'waiting' and wake_at > clock_timestamp()
  `.execute(db);
  return rows[0]?.wake_at ?? undefined;
}

/** Tells that a worker lives. Answers the beats of all. */
export async function beat(db: Kysely<Database>, workerId: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; beat: string }>`
    with mine as (
      insert into workers (id, beat) values (${workerId}, 1)
      on conflict (id) do update set beat = workers.beat + 1
      returning id, beat
    )
    select id, beat from mine
    union all
    select id, beat from workers where id <> ${workerId}
  `.execute(db);
  return new Map(rows.map((row) => [row.id, row.beat]));
}

/** Puts the runs of dead workers, and of workers nobody knows, into the queue. */
export async function takeOver(db: Kysely<Database>, deadIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    with buried as (delete from workers where id = any(${[...deadIds]}::uuid[]) returning id),
    freed as (
      update runs set status = 'queued', worker_id = null, updated_at = clock_timestamp()
      where status = 'running' and (
        worker_id = any(${[...deadIds]}::uuid[])
        or not exists (select from workers where workers.id = runs.worker_id)
      )
      returning runs.id
    ),
    told as (select pg_notify('tenon_changes', 'runs') from freed limit 1)
    select count(*) as count, (select count(*) from told), (select count(*) from buried)
    from freed
  `.execute(db);
  return Number(rows[0]?.count ?? 0);
}

/** A worker stops: its runs go back into the queue. */
export async function leave(db: Kysely<Database>, workerId: string): Promise<void> {
  await sql`
    with gone as (delete from workers where id = ${workerId}),
    freed as (
      update runs set status = 'queued', worker_id = null, updated_at = clock_timestamp()
      where status = 'running' and worker_id = ${workerId}
      returning id
    )
    select pg_notify('tenon_changes', 'runs') from freed limit 1
  `.execute(db);
}
