import type {
  Control,
  CreatedRun,
  JournalEntry,
  Limits,
  NewRun,
  Reply,
  RunStore,
} from "@tenon/runtime";
import { type Kysely, sql } from "kysely";
import type { ChangeFeed } from "@tenon/connections";
import type { ClientConfig, Pool } from "pg";
import { createPool } from "../create-pool.ts";
import { GroupCommit } from "../group-commit.ts";
import type { Database } from "../tables.ts";
import { claimRuns } from "./claim-runs.ts";
import { enqueueRuns } from "./enqueue-runs.ts";
import { createRuns, type RunCreation } from "./create-runs.ts";
import { sizeOf, type StoredStep, toArrayText, toStepRecord } from "./step-rows.ts";
import { beat, leave, takeOver, wake } from "./workers.ts";
import { writeJournal, type WriteResult } from "./write-journal.ts";

/**
 * Stores runs and their journal in PostgreSQL.
 *
 * @param options.limits where a project says nothing of its own (`projects.run_policy`).
 */
export function createRunStore(options: {
  db: Kysely<Database>;
  connectionConfig: ClientConfig;
  changeFeed: ChangeFeed;
  limits: Limits;
}): RunStore {
  const { db, limits } = options;
  const pool = createHotPool(options.connectionConfig);
  const creations = new GroupCommit<RunCreation, CreatedRun>((batch, isRepeat) =>
    createRuns(pool, batch, { limits, isRepeat }),
  );
  const journals = new Map<string, GroupCommit<JournalEntry, WriteResult>>();

  function journalOf(workerId: string): GroupCommit<JournalEntry, WriteResult> {
    let journal = journals.get(workerId);
    if (journal === undefined) {
      journal = new GroupCommit((batch) => writeJournal(pool, workerId, batch));
      journals.set(workerId, journal);
    }
    return journal;
  }

  return {
    async create(run, worker) {
      if (run.steps !== undefined && run.steps.length > 0) return createReplay(db, run);
      return creations.add({ run, workerId: worker.id, mayRun: worker.mayRun });
    },

    claim: (ask) => claimRuns(pool, { ...ask, limits }),

    async write(workerId, entry) {
      const result = await journalOf(workerId).add(entry);
      if ("lost" in result) throw result.lost;
      return result.control;
    },

    readSteps: (runId) => readSteps(db, runId),

    async readReply(runId) {
      const run = await db
        .selectFrom("runs")
        .select("status")
        .where("id", "=", runId)
        .executeTakeFirst();
      if (run === undefined) return undefined;
      const steps = await readSteps(db, runId, "response");
      const answered = steps.find((step) => step.status === "succeeded");
      return { status: run.status, reply: answered?.output as Reply | undefined };
    },

    async readControls(workerId) {
      const rows = await db
        .selectFrom("runs")
        .select(["id", "control"])
        .where("status", "=", "running")
        .where("worker_id", "=", workerId)
        .where("control", "is not", null)
        .execute();
      return rows.map((row) => ({ runId: row.id, control: row.control as Control }));
    },

    wake: () => wake(db),
    beat: (workerId) => beat(db, workerId),
    takeOver: (deadIds) => takeOver(db, deadIds),
    leave: (workerId) => leave(db, workerId),

    onQueued: (listener) =>
      options.changeFeed.subscribe({
        onChange: ({ table }) => table === "runs" && listener(),
        onReset: listener,
      }),

    async close() {
      await creations.close();
      for (const journal of journals.values()) await journal.close();
      await pool.end();
    },
  };
}

/**
 * A few connections for the statements that every run needs. Their plans do not depend on the
 * values, and planning them anew takes longer than running them.
 */
function createHotPool(connectionConfig: ClientConfig): Pool {
  return createPool(connectionConfig, {
    max: 3,
    onConnect: async (client) => {
      await client.query("set plan_cache_mode = force_generic_plan");
    },
  });
}

async function readSteps(db: Kysely<Database>, runId: string, type?: string) {
  const [steps, payloads] = await Promise.all([
    db
      .selectFrom("step_runs")
      .selectAll()
      .where("run_id", "=", runId)
      .$if(type !== undefined, (query) => query.where("type", "=", type ?? ""))
      .execute(),
    db.selectFrom("step_payloads").selectAll().where("run_id", "=", runId).execute(),
  ]);
  const apart = new Map(payloads.map((one) => [keyOf(one, one.kind), one.body]));
  return steps.map((row: StoredStep) =>
    toStepRecord(row, {
      input: apart.get(keyOf(row, "input")),
      output: apart.get(keyOf(row, "output")),
    }),
  );
}

function keyOf(row: { step_id: string; instance: number[] }, kind: string): string {
  return `${row.step_id} ${row.instance.join(",")} ${kind}`;
}

/** A run that goes on where another ended: rare, so it takes the way through the queue. */
async function createReplay(db: Kysely<Database>, run: NewRun): Promise<CreatedRun> {
  return db.transaction().execute(async (trx) => {
    const [created] = await enqueueRuns(trx, [run]);
    if (created === undefined) {
      const { status } = await trx
        .selectFrom("runs")
        .select("status")
        .where("id", "=", run.id)
        .executeTakeFirstOrThrow();
      return { kind: "exists", status };
    }
    for (const [place, step] of (run.steps ?? []).entries()) {
      const output = step.output === undefined ? null : JSON.stringify(step.output);
      await sql`
        insert into step_runs
          (run_id, step_id, instance, place, type, status, output, output_size, started_at, finished_at)
        values (${run.id}, ${step.stepId}, ${toArrayText(step.instance)}::integer[], ${place}, ${step.type},
          'succeeded', ${output}, ${sizeOf(output)}, ${step.startedAt}, ${step.finishedAt})
      `.execute(trx);
    }
    return { kind: "queued" };
  });
}
