import { randomUUID } from "node:crypto";
import type { NewRun, WorkflowUser } from "@tenon/runtime";
import {
  type Change,
  type HeldWatch,
  ListenersChanged,
  type WatchCommit,
  WatchLost,
} from "@tenon/triggers";
import type { DefinitionInput } from "@tenon/workflow";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addConnection,
  addUser,
  createLifecycleRig,
  createTestProject,
  definitionWith,
  deployed,
  type LifecycleRig,
  type TestProject,
} from "../workflows/testing/lifecycle-rig.ts";
import { deleteOldChanges } from "./watch-retention.ts";
import { createWatchStore } from "./watch-store.ts";

let database: TestDatabase;
let rig: LifecycleRig;
let project: TestProject;
let user: WorkflowUser;
let connectionId: string;
let configurationId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createLifecycleRig(database);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  project = await createTestProject(rig);
  user = await addUser(rig, project);
  ({ connectionId, configurationId } = await addConnection(rig, project, user));
});

const here = randomUUID();
const elsewhere = randomUUID();
const store = () => createWatchStore(database.kysely);

function onPages(more: object = {}): DefinitionInput {
  const trigger = { id: "start", type: "integration", trigger: "page-created", ...more } as const;
  return definitionWith(trigger);
}

async function listening(more: object = {}): Promise<string> {
  const { id } = await deployed(rig, project, onPages(more));
  await rig.enrollments.enable(user, id);
  return id;
}

async function listenersOf() {
  const rows = await rig.db
    .selectFrom("listeners")
    .selectAll()
    .where("connection_id", "=", connectionId)
    .execute();
  return rows;
}

async function claim(holder = here): Promise<HeldWatch> {
  const watch = await store().claim(connectionId, { holder });
  if (watch === undefined) throw new Error("Somebody has it.");
  return watch;
}

describe("who listens", () => {
  test("is a workflow that is deployed with a trigger of the connector, and enabled", async () => {
    const { id } = await deployed(rig, project, onPages());
    expect(await listenersOf()).toEqual([]);
    await rig.enrollments.enable(user, id);
    expect(await listenersOf()).toMatchObject([
      { trigger_id: "page-created", workflow_id: id, configuration_id: configurationId },
    ]);
    const other = await deployed(rig, project, definitionWith({ id: "start", type: "request" }));
    await rig.enrollments.enable(user, other.id);
    expect(await listenersOf()).toHaveLength(1);
  });

  test("goes on as it was when the same trigger is deployed again", async () => {
    const id = await listening();
    const [before] = await listenersOf();
    await rig.workflows.deploy(project.projectId, id);
    expect(await listenersOf()).toEqual([before]);
  });

  test.each(["disabled", "undeployed"])(
    "is paused where it is %s, and begins anew",
    async (how) => {
      const id = await listening();
      const [before] = await listenersOf();
      if (how === "disabled") await rig.enrollments.disable(user, id);
      else await rig.workflows.undeploy(project.projectId, id);
      expect(await listenersOf()).toMatchObject([{ id: before?.id, paused_at: expect.any(Date) }]);
      expect(await store().readListeners(connectionId)).toEqual([]);
      if (how === "disabled") await rig.enrollments.enable(user, id);
      else await rig.workflows.deploy(project.projectId, id);
      const [after] = await listenersOf();
      expect(after).toMatchObject({ id: before?.id, paused_at: null, behind_since: null });
      expect(after?.since.getTime()).toBeGreaterThan(before?.since.getTime() ?? Infinity);
    },
  );

  test("is behind after a pause where it catches up, since the first moment it was paused", async () => {
    const id = await listening({ afterPause: "catchUp" });
    const [before] = await listenersOf();
    await rig.enrollments.disable(user, id);
    const [paused] = await store().readListeners(connectionId);
    expect(paused).toMatchObject({ catchesUp: true, pausedAt: expect.any(Date) });
    await rig.enrollments.enable(user, id);
    const behind = { behindSince: paused?.pausedAt, pausedAt: undefined, since: before?.since };
    expect(await store().readListeners(connectionId)).toMatchObject([behind]);
    await rig.enrollments.disable(user, id);
    await rig.enrollments.enable(user, id);
    expect(await store().readListeners(connectionId)).toMatchObject([behind]);
  });

  test("begins anew where another trigger is deployed, and ends with the workflow", async () => {
    const id = await listening();
    await rig.workflows.saveDraft(project.projectId, id, {
      revision: 1,
      definition: onPages({ trigger: "page-updated" }),
    });
    await rig.workflows.deploy(project.projectId, id);
    expect(await listenersOf()).toMatchObject([{ trigger_id: "page-updated" }]);
    await rig.workflows.remove(project.projectId, id);
    expect(await listenersOf()).toEqual([]);
  });
});

describe("a watched connection", () => {
  test("is held by one process at a time, and due when somebody begins to listen", async () => {
    await listening();
    const due = await store().claimDue({ holder: here, limit: 100 });
    expect(due.map((one) => one.connectionId)).toContain(connectionId);
    const watch = due.find((one) => one.connectionId === connectionId);
    expect(watch).toMatchObject({ isPollDue: true, isUsable: true, hasWebhooks: false });
    expect(await store().claim(connectionId, { holder: elsewhere })).toBeUndefined();
    const again = await store().claimDue({ holder: elsewhere, limit: 100 });
    expect(again.map((one) => one.connectionId)).not.toContain(connectionId);
    if (watch) await store().release({ watch, nextPollInMs: 60_000 });
    expect(await claim(elsewhere)).toMatchObject({ isPollDue: false });
  });

  test("is another's when its holder was silent for too long, and what that one writes is refused", async () => {
    await listening();
    const lost = await claim();
    await sql`update watches set lease_until = now() where connection_id = ${connectionId}`.execute(
      rig.db,
    );
    const held = await claim(elsewhere);
    const asked = await store().readListeners(connectionId);
    await expect(store().commit(entry(lost, { asked }))).rejects.toThrow(WatchLost);
    expect(
      await rig.db
        .selectFrom("changes")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .execute(),
    ).toEqual([]);
    await store().commit(entry(held, { asked }));
    await store().release({ watch: lost, nextPollInMs: 0 });
    expect(await store().claim(connectionId, { holder: here })).toBeUndefined();
  });

  test("that nobody listens on has nothing due", async () => {
    const id = await listening();
    await rig.enrollments.disable(user, id);
    const watch = await claim();
    await store().release({ watch });
    const due = await store().claimDue({ holder: here, limit: 1_000 });
    expect(due.map((one) => one.connectionId)).not.toContain(connectionId);
    for (const one of due) await store().release({ watch: one });
    await rig.enrollments.enable(user, id);
    const again = await store().claimDue({ holder: here, limit: 1_000 });
    expect(again.map((one) => one.connectionId)).toContain(connectionId);
    for (const one of again) await store().release({ watch: one, nextPollInMs: 600_000 });
  });

  test("of an account that does not work, or an integration that is off, is not usable", async () => {
    await listening();
    await sql`update connections set status = 'INVALID' where id = ${connectionId}`.execute(rig.db);
    expect(await claim()).toMatchObject({ isUsable: false });
  });
});

function change(more: Partial<Change> = {}): Change {
  return {
    id: randomUUID(),
    projectId: project.projectId,
    connectionId,
    object: { kind: "page", id: "p" },
    changes: ["created"],
    details: {},
    authors: ["somebody"],
    isOwn: false,
    cause: "poll",
    occurredAt: new Date(),
    result: { id: "p" },
    ...more,
  };
}

function entry(watch: HeldWatch, more: Partial<WatchCommit> = {}): WatchCommit {
  return {
    watch,
    asked: [],
    ledger: [
      {
        kind: "page",
        id: "p",
        state: { title: "a" },
        changedAt: new Date(0),
        observedAt: new Date(),
        settleAt: undefined,
        isFresh: true,
      },
    ],
    changes: [{ change: change(), starts: [] }],
    routes: [],
    ...more,
  };
}

function run(workflowId: string): NewRun {
  return {
    id: randomUUID(),
    projectId: project.projectId,
    workflowId,
    versionId: randomUUID(),
    integrationId: project.integrationId,
    connectionId,
    configurationId,
    userId: user.id,
    triggerType: "integration",
    input: {},
    context: {
      user: { id: user.externalId, meta: {} },
      connection: { id: connectionId, externalId: null, accountId: "a", providerData: {} },
      settings: {},
      integrationSettings: {},
    },
  };
}

async function statusOf(runId: string): Promise<string | undefined> {
  const row = await rig.db
    .selectFrom("runs")
    .select("status")
    .where("id", "=", runId)
    .executeTakeFirst();
  return row?.status;
}

test("what is older than 30 days is forgotten, and nobody catches up with it any more", async () => {
  const id = await listening({ afterPause: "catchUp" });
  const watch = await claim();
  const asked = await store().readListeners(connectionId);
  await store().commit(entry(watch, { asked }));
  await rig.enrollments.disable(user, id);
  await deleteOldChanges(rig.db);
  const ask = [{ kind: "page", id: "p" }];
  const page = { from: new Date(0), after: undefined, limit: 10 };
  expect(await store().readLedger(connectionId, ask)).toHaveLength(1);
  expect(await store().readChanges(connectionId, page)).toHaveLength(1);
  for (const [table, column] of [
    ["changes", "created_at"],
    ["watched_objects", "observed_at"],
    ["listeners", "paused_at"],
  ] as const) {
    const aged = sql`update ${sql.table(table)}
      set ${sql.ref(column)} = now() - interval '31 days' where connection_id = ${connectionId}`;
    await aged.execute(rig.db);
  }
  await deleteOldChanges(rig.db);
  expect(await store().readLedger(connectionId, ask)).toEqual([]);
  expect(await store().readChanges(connectionId, page)).toEqual([]);
  await rig.enrollments.enable(user, id);
  expect(await store().readListeners(connectionId)).toMatchObject([{ behindSince: undefined }]);
});

describe("what was found out", () => {
  test("is written down with the runs it starts and the watermark, and a run once", async () => {
    const id = await listening();
    const watch = await claim();
    const asked = await store().readListeners(connectionId);
    const [listener] = asked;
    const started = run(id);
    const found = change();
    const starts = [{ listenerId: listener?.id ?? "", run: started }];
    const watermark = new Date(Date.now() + 1_000);
    const written = await store().commit(
      entry(watch, { asked, changes: [{ change: found, starts }], watermark }),
    );
    expect(written).toEqual({ runs: 1, deliveries: 0 });
    expect(await statusOf(started.id)).toBe("queued");
    const again = await store().commit(
      entry(watch, { asked, changes: [{ change: found, starts }] }),
    );
    expect(again.runs).toBe(0);
    await store().release({ watch });
    expect((await claim()).watermark).toEqual(watermark);
    expect(await store().readLedger(connectionId, [{ kind: "page", id: "p" }])).toMatchObject([
      { id: "p", state: { title: "a" }, isFresh: true },
    ]);
    const page = { from: new Date(0), after: undefined, limit: 10 };
    expect(await store().readChanges(connectionId, page)).toMatchObject([
      { id: found.id, changes: ["created"], result: { id: "p" } },
    ]);
  });

  test("starts nothing for who was disabled between being asked and being told", async () => {
    const id = await listening();
    const watch = await claim();
    const asked = await store().readListeners(connectionId);
    const [listener] = asked;
    await rig.enrollments.disable(user, id);
    const started = run(id);
    const starts = [{ listenerId: listener?.id ?? "", run: started }];
    await store().commit(entry(watch, { asked, changes: [{ change: change(), starts }] }));
    expect(await statusOf(started.id)).toBeUndefined();
  });

  test("is not written down before those were asked who began to listen meanwhile", async () => {
    await listening();
    const watch = await claim();
    const asked = await store().readListeners(connectionId);
    await listening();
    await expect(store().commit(entry(watch, { asked }))).rejects.toThrow(ListenersChanged);
    const stock = { asked, changes: [], isStock: true };
    await expect(store().commit(entry(watch, stock))).rejects.toThrow(ListenersChanged);
    expect(await store().readLedger(connectionId, [{ kind: "page", id: "p" }])).toEqual([]);
    await store().release({ watch, nextPollInMs: 600_000 });
    // They had asked for a poll, which the release leaves as it is.
    expect(await claim()).toMatchObject({ isPollDue: true });
  });

  test("is nothing at all where a part of it cannot be written", async () => {
    const id = await listening();
    const watch = await claim();
    const asked = await store().readListeners(connectionId);
    const [listener] = asked;
    const starts = [{ listenerId: listener?.id ?? "", run: { ...run(id), id: "no uuid" } }];
    const broken = entry(watch, { asked, changes: [{ change: change(), starts }] });
    await expect(store().commit(broken)).rejects.toThrow("uuid");
    expect(await store().readLedger(connectionId, [{ kind: "page", id: "p" }])).toEqual([]);
  });

  test("reads changes of the same moment in parts, each once", async () => {
    await listening();
    const watch = await claim();
    const found = Array.from({ length: 25 }, () => ({ change: change(), starts: [] }));
    const asked = await store().readListeners(connectionId);
    await store().commit(entry(watch, { asked, changes: found }));
    const read: string[] = [];
    let from = new Date(0);
    let after: string | undefined;
    for (;;) {
      const page = await store().readChanges(connectionId, { from, after, limit: 10 });
      read.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      if (page.length < 10 || last === undefined) break;
      ({ foundAt: from, id: after } = last);
    }
    expect(read.toSorted()).toEqual(found.map((one) => one.change.id).toSorted());
  });
});
