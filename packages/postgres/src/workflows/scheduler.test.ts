import type { NewRun, WorkflowUser } from "@tenon/runtime";
import { sql } from "kysely";
import * as z from "zod";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addConnection,
  addUser,
  createLifecycleRig,
  createTestProject,
  definitionWith,
  deployed,
  everySecond,
  type LifecycleRig,
  type TestProject,
} from "./testing/lifecycle-rig.ts";

let database: TestDatabase;
let rig: LifecycleRig;
let project: TestProject;
let user: WorkflowUser;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  rig = await createLifecycleRig(database);
  project = await createTestProject(rig);
  user = await addUser(rig, project);
  return () => rig[Symbol.asyncDispose]();
});

const hourly = definitionWith({ id: "start", type: "schedule", cron: "0 * * * *" });

/** As if the schedule had been due this long ago. */
async function makeDue(workflowId: string, ago: string): Promise<void> {
  await rig.db
    .updateTable("schedules")
    .set({ next_at: sql`date_trunc('second', clock_timestamp()) - ${ago}::interval` })
    .where("workflow_id", "=", workflowId)
    .execute();
}

const schedules = () =>
  rig.db.selectFrom("schedules").selectAll().where("project_id", "=", project.projectId).execute();

/** The time that a scheduled run is for. */
const timeOf = (run: NewRun | undefined) =>
  Date.parse(z.object({ scheduledFor: z.string() }).parse(run?.input).scheduledFor);

const ofProject = (one: LifecycleRig) =>
  one.engine.starts.filter(({ projectId }) => projectId === project.projectId);

test("a schedule starts a run at each of its times, and every time has its own run", async () => {
  const { configurationId } = await addConnection(rig, project, user);
  const { id, deployed: version } = await deployed(rig, project, definitionWith(everySecond));
  await rig.enrollments.enable(user, id);
  rig.startWorking();
  await expect.poll(() => ofProject(rig).length).toBeGreaterThanOrEqual(3);
  const runs = ofProject(rig);
  expect(runs[0]).toMatchObject({
    workflowId: id,
    configurationId,
    versionId: version?.versionId,
    triggerType: "schedule",
  });
  expect(new Set(runs.map((run) => run.id)).size).toBe(runs.length);
  const times = runs.map(timeOf);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.every((time) => time % 1000 === 0)).toBe(true);
});

test("two processes start each time once", async () => {
  await using other = await createLifecycleRig(database, { keyRing: rig.keyRing });
  const { id } = await deployed(rig, project, definitionWith(everySecond));
  for (let count = 0; count < 20; count += 1) {
    const one = await addUser(rig, project);
    await addConnection(rig, project, one);
    await rig.enrollments.enable(one, id);
  }
  rig.startWorking();
  other.startWorking();
  await expect
    .poll(() => ofProject(rig).length + ofProject(other).length)
    .toBeGreaterThanOrEqual(60);
  await rig.close();
  await other.close();
  const ids = [...ofProject(rig), ...ofProject(other)].map((run) => run.id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a run that was started by a process that died then is not doubled by the next", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, hourly);
  await rig.enrollments.enable(user, id);
  await makeDue(id, "0 seconds");
  const [before] = await schedules();
  rig.startWorking();
  await expect.poll(() => ofProject(rig).length).toBe(1);
  await expect.poll(async () => (await schedules())[0]?.next_at).not.toEqual(before?.next_at);
  const [started] = ofProject(rig);
  // As it was before the process that started it committed that it moved on.
  await rig.db
    .updateTable("schedules")
    .set({ next_at: before?.next_at ?? new Date() })
    .where("workflow_id", "=", id)
    .execute();
  await expect.poll(() => ofProject(rig).length).toBe(2);
  expect(ofProject(rig)[1]?.id).toBe(started?.id);
});

test("a run that could not be started stays due", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, hourly);
  await rig.enrollments.enable(user, id);
  rig.engine.fault = new Error("The database is away.");
  await makeDue(id, "1 minute");
  rig.startWorking();
  await expect.poll(() => rig.logged.length).toBeGreaterThan(0);
  expect(ofProject(rig)).toEqual([]);
  rig.engine.fault = undefined;
  await expect.poll(() => ofProject(rig).length).toBe(1);
});

test("of many missed times the newest fires, and after an hour none", async () => {
  await addConnection(rig, project, user);
  const { id } = await deployed(
    rig,
    project,
    definitionWith({ id: "start", type: "schedule", cron: "*/10 * * * *" }),
  );
  await rig.enrollments.enable(user, id);
  await makeDue(id, "3 days");
  rig.startWorking();
  await expect.poll(() => ofProject(rig).length).toBe(1);
  const due = timeOf(ofProject(rig)[0]);
  const [moved] = await pollMoved();
  // The newest time before now: the next one is ten minutes later.
  expect(moved?.next_at.getTime()).toBe(due + 600_000);
  const rare = await deployed(
    rig,
    project,
    definitionWith({ id: "start", type: "schedule", cron: "0 0 1 1 *" }),
  );
  await rig.enrollments.enable(user, rare.id);
  await makeDue(rare.id, "2 hours");
  await expect
    .poll(async () => (await schedules()).every(({ next_at }) => next_at > new Date()))
    .toBe(true);
  expect(ofProject(rig)).toHaveLength(1);
});

async function pollMoved() {
  await expect
    .poll(async () => (await schedules()).every(({ next_at }) => next_at > new Date()))
    .toBe(true);
  return schedules();
}

test("what may not run is passed over, and goes on when it may again", async () => {
  const { connectionId } = await addConnection(rig, project, user);
  const { id } = await deployed(rig, project, hourly);
  await rig.enrollments.enable(user, id);
  const setStatus = (status: "VALID" | "INVALID") =>
    rig.db.updateTable("connections").set({ status }).where("id", "=", connectionId).execute();
  await setStatus("INVALID");
  await makeDue(id, "1 second");
  rig.startWorking();
  expect(await pollMoved()).toHaveLength(1);
  expect(ofProject(rig)).toEqual([]);
  await setStatus("VALID");
  await rig.db
    .updateTable("schedules")
    .set({ cron: "* * * * * *", next_at: new Date() })
    .where("workflow_id", "=", id)
    .execute();
  await expect.poll(() => ofProject(rig).length).toBeGreaterThan(0);
});

test("a zone that changed without anybody telling is taken over with the next time", async () => {
  await addConnection(rig, project, user);
  const inZone = { id: "start", type: "schedule", cron: "0 9 * * *" } as const;
  const { id } = await deployed(
    rig,
    project,
    definitionWith({ ...inZone, timeZone: "{{user.meta.zone}}" }),
  );
  await rig.enrollments.enable(user, id);
  await rig.db
    .updateTable("connected_users")
    .set({ meta: JSON.stringify({ zone: "Asia/Tokyo" }) })
    .where("id", "=", user.id)
    .execute();
  await makeDue(id, "1 second");
  rig.startWorking();
  const [moved] = await pollMoved();
  expect(moved).toMatchObject({ time_zone: "Asia/Tokyo" });
  expect(moved?.next_at.getUTCHours()).toBe(0);
});
