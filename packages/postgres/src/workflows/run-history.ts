import type {
  RunContext,
  RunError,
  RunFilter,
  RunHistory,
  RunPage,
  RunSummary,
  StepSummary,
} from "@tenon/runtime";
import { type Kysely, type Selectable, sql } from "kysely";
import { isUuid, nilUuid } from "../is-uuid.ts";
import type { Database } from "../tables.ts";
import { parseJson, type StoredStep, toArrayText } from "./step-rows.ts";

type SummaryRow = Omit<Selectable<Database["runs"]>, "input" | "context" | "worker_id"> & {
  external_id: string | null;
};

const maxChanged = 200;

/** Reads runs and their steps for people, always within one project. */
export function createRunHistory(db: Kysely<Database>): RunHistory {
  return {
    async list(page) {
      const rows = await selectPage(db, page).execute();
      const shown = rows.slice(0, page.limit);
      const last = shown.at(-1);
      return {
        runs: shown.map(toSummary),
        ...(rows.length > page.limit && last && { nextCursor: toCursor(last) }),
      };
    },

    async count(filter) {
      const { count } = await filtered(db, filter)
        .select((eb) => eb.fn.countAll<string>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async get(projectId, runId) {
      if (!isUuid(runId)) return undefined;
      const row = await selectSummaries(filtered(db, { projectId, includeTests: true }))
        .select(["run.input", "run.context"])
        .where("run.id", "=", runId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { idempotencyRunId = runId } = JSON.parse(row.context) as RunContext;
      return { ...toSummary(row), input: JSON.parse(row.input) as unknown, idempotencyRunId };
    },

    async steps(projectId, runId) {
      if (!isUuid(runId)) return [];
      const rows = await db
        .selectFrom("step_runs as step")
        .innerJoin("runs as run", "run.id", "step.run_id")
        .selectAll("step")
        .where("run.id", "=", runId)
        .where("run.project_id", "=", projectId)
        .orderBy("step.place")
        .execute();
      return rows.map(toStepSummary);
    },

    payload: (projectId, runId, part) => readPayload(db, { projectId, runId, ...part }),

    async changedSince(projectId, since, runId) {
      const changed = selectSummaries(filtered(db, { projectId, includeTests: true }))
        .where("run.updated_at", ">", since)
        .where((eb) =>
          // Each of the two has an index; a run that is over was updated last when it ended.
          eb.or([
            eb("run.finished_at", ">", new Date(since.getTime() - 1_000)),
            eb("run.status", "in", ["queued", "running", "waiting", "paused"]),
          ]),
        )
        .orderBy("run.updated_at")
        .limit(maxChanged);
      const rows = await (
        runId === undefined ? changed : changed.where("run.id", "=", isUuid(runId) ? runId : null)
      ).execute();
      return rows.map(toSummary);
    },
  };
}

function filtered(db: Kysely<Database>, filter: RunFilter) {
  const { projectId, userId, workflowId, integrationId, statuses, before, after } = filter;
  let query = db
    .selectFrom("runs as run")
    .leftJoin("connected_users as user", "user.id", "run.user_id")
    .where("run.project_id", "=", projectId);
  if (userId !== undefined) query = query.where("user.external_id", "=", userId);
  if (workflowId !== undefined) query = query.where("run.workflow_id", "=", uuidOrNone(workflowId));
  if (integrationId !== undefined) {
    query = query.where("run.integration_id", "=", uuidOrNone(integrationId));
  }
  if (statuses !== undefined) query = query.where("run.status", "in", [...statuses]);
  if (before !== undefined) query = query.where("run.created_at", "<", before);
  if (after !== undefined) query = query.where("run.created_at", ">=", after);
  if (filter.includeTests !== true) query = query.where("run.test", "=", false);
  return query;
}

function selectSummaries(query: ReturnType<typeof filtered>) {
  return query.select([
    "run.id",
    "run.project_id",
    "run.workflow_id",
    "run.version_id",
    "run.integration_id",
    "run.connection_id",
    "run.configuration_id",
    "run.user_id",
    "run.trigger_type",
    "run.status",
    "run.test",
    "run.only_step",
    "run.replay_of",
    "run.error",
    "run.fence",
    "run.control",
    "run.wake_at",
    "run.task_count",
    "run.created_at",
    "run.started_at",
    "run.finished_at",
    "run.updated_at",
    "user.external_id",
  ]);
}

function selectPage(db: Kysely<Database>, page: RunPage) {
  const { order, limit, offset, cursor } = page;
  let query = selectSummaries(filtered(db, page))
    .orderBy("run.created_at", order)
    .orderBy("run.id", order)
    .limit(limit + 1);
  if (offset !== undefined) query = query.offset(offset);
  const start = cursor === undefined ? undefined : parseCursor(cursor);
  if (start === undefined) return query;
  const edge = sql`(${start.createdAt}::timestamptz, ${start.id}::uuid)`;
  const place = sql`(run.created_at, run.id)`;
  return query.where(
    order === "asc" ? sql<boolean>`${place} > ${edge}` : sql<boolean>`${place} < ${edge}`,
  );
}

/** The column keeps milliseconds only, as JavaScript does: no run is between two cursors. */
function toCursor(row: SummaryRow): string {
  const text = `${row.created_at.toISOString()} ${row.id}`;
  return Buffer.from(text).toString("base64url");
}

function parseCursor(cursor: string): { createdAt: string; id: string } | undefined {
  const [createdAt = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  return Number.isNaN(Date.parse(createdAt)) || !isUuid(id) ? undefined : { createdAt, id };
}

function uuidOrNone(id: string): string {
  return isUuid(id) ? id : nilUuid;
}

async function readPayload(
  db: Kysely<Database>,
  part: {
    projectId: string;
    runId: string;
    stepId: string;
    instance: readonly number[];
    kind: "input" | "output";
  },
): Promise<{ value: unknown } | undefined> {
  if (!isUuid(part.runId)) return undefined;
  const { rows } = await sql<{ body: string | null }>`
    select coalesce(payload.body, ${sql.ref(`step.${part.kind}`)}) as body
    from step_runs as step
    join runs as run on run.id = step.run_id
    left join step_payloads as payload on payload.run_id = step.run_id
      and payload.step_id = step.step_id and payload.instance = step.instance
      and payload.kind = ${part.kind}
    where run.project_id = ${part.projectId} and step.run_id = ${part.runId}
      and step.step_id = ${part.stepId}
      and step.instance = ${toArrayText(part.instance)}::integer[]
  `.execute(db);
  const body = rows[0]?.body;
  return body === null || body === undefined ? undefined : { value: JSON.parse(body) };
}

function toSummary(row: SummaryRow): RunSummary {
  return {
    id: row.id,
    projectId: row.project_id,
    workflowId: row.workflow_id,
    versionId: row.version_id,
    integrationId: row.integration_id,
    connectionId: row.connection_id,
    configurationId: row.configuration_id,
    userId: row.external_id ?? row.user_id,
    triggerType: row.trigger_type as RunSummary["triggerType"],
    status: row.status,
    test: row.test,
    ...(row.replay_of !== null && { replayOf: row.replay_of }),
    taskCount: row.task_count,
    createdAt: row.created_at,
    ...(row.started_at && { startedAt: row.started_at }),
    ...(row.finished_at && { finishedAt: row.finished_at }),
    ...(row.wake_at && { wakeAt: row.wake_at }),
    updatedAt: row.updated_at,
    ...(row.error !== null && { error: JSON.parse(row.error) as RunError }),
  };
}

function toStepSummary(row: StoredStep): StepSummary {
  return {
    stepId: row.step_id,
    instance: row.instance,
    type: row.type,
    status: row.status,
    attempts: JSON.parse(row.attempts) as StepSummary["attempts"],
    input: parseJson(row.input),
    output: parseJson(row.output),
    inputSize: row.input_size,
    outputSize: row.output_size,
    isLargeInput: row.input === null && row.input_size > 0,
    isLargeOutput: row.output === null && row.output_size > 0,
    ...(row.error !== null && { error: JSON.parse(row.error) as RunError }),
    startedAt: row.started_at,
    ...(row.finished_at && { finishedAt: row.finished_at }),
    updatedAt: row.updated_at,
  };
}
