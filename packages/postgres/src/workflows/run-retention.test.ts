import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { deleteOldRuns } from "./run-retention.ts";
import { chain, createEngineRig, createTestProject, read } from "./testing/engine-rig.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function finishAt(runId: string, daysAgo: number): Promise<void> {
  await database.kysely
    .updateTable("runs")
    .set({ finished_at: new Date(Date.now() - daysAgo * 86_400_000) })
    .where("id", "=", runId)
    .execute();
}

test("runs are kept as long as their project says, with all that belongs to them, and no longer", async () => {
  const project = await createTestProject(database, { historyDays: 7 });
  await using rig = await createEngineRig({
    database,
    project,
    doings: { big: () => ({ text: "x".repeat(100_000) }) },
  });
  await using other = await createEngineRig({ database });
  const old = await rig.start(rig.define(chain(read("big"))));
  const young = await rig.start(rig.define(chain(read("big"))));
  const waiting = await rig.start(
    rig.define(chain({ id: "wait", type: "delay", value: 300, unit: "days" })),
  );
  const elsewhere = await other.start(other.define(chain(read("small"))));
  await rig.waitFor(old.id);
  await rig.waitFor(young.id);
  await rig.waitFor(waiting.id, ["waiting"]);
  await other.waitFor(elsewhere.id);
  await finishAt(old.id, 8);
  await finishAt(young.id, 6);
  await finishAt(elsewhere.id, 89);

  expect(await deleteOldRuns(database.kysely)).toBe(1);
  expect(await rig.history.get(project.projectId, old.id)).toBeUndefined();
  expect(await rig.output(young.id, "big")).toBeDefined();
  expect(await rig.history.get(project.projectId, waiting.id)).toBeDefined();
  expect(await other.history.get(other.projectId, elsewhere.id)).toBeDefined();
  const { rows } = await sql<{ left: string }>`
    select (select count(*) from step_runs where run_id = ${old.id})
      + (select count(*) from step_payloads where run_id = ${old.id}) as left
  `.execute(database.kysely);
  expect(rows).toEqual([{ left: "0" }]);

  await finishAt(elsewhere.id, 91);
  expect(await deleteOldRuns(database.kysely)).toBe(1);
});

test("runs of a project that is gone go with it", async () => {
  await using rig = await createEngineRig({ database });
  const { id } = await rig.start(rig.define(chain(read("small"))), { userId: randomUUID() });
  await rig.waitFor(id);
  await database.kysely.deleteFrom("projects").where("id", "=", rig.projectId).execute();
  expect(await deleteOldRuns(database.kysely)).toBe(1);
});
