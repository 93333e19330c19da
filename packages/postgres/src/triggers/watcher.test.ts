import { randomUUID } from "node:crypto";
import { type Connector, defineConnector, defineTrigger, changeOf } from "@tenon/connector";
import { notion } from "@tenon/notion";
import type { WorkflowUser } from "@tenon/runtime";
import { createWatcher, createWorkflowPlanner, type Watcher } from "@tenon/triggers";
import { Definition } from "@tenon/workflow";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import {
  addConnection,
  addUser,
  createLifecycleRig,
  createTestProject,
  definitionWith,
  type LifecycleRig,
  type TestProject,
} from "../workflows/testing/lifecycle-rig.ts";
import { createWatchStore } from "./watch-store.ts";

let database: TestDatabase;
let rig: LifecycleRig;
let project: TestProject;
let user: WorkflowUser;
let watchers: Watcher[] = [];

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
  pages.clear();
  return async () => {
    openGate();
    for (const watcher of watchers) await watcher.close();
    watchers = [];
  };
});

/** What the provider has: a title by the page's id, and when it was set. */
const pages = new Map<string, { title: string; at: Date }>();
/** While set, looking at a page waits for it. */
let gate: Promise<void> | undefined;
let openGate: () => void = () => undefined;

const Page = z.object({ title: z.string() });

/** Follows pages that are in this process: a provider without the network. */
const connector: Connector = defineConnector({
  ...notion,
  actions: [],
  triggers: [
    defineTrigger({
      id: "page-changed",
      intent: "TEST_PAGE_CHANGED",
      title: "Page changed",
      summary: "Starts when a page's title changes.",
      input: z.object({}),
      output: changeOf(Page),
      object: "page",
      on: ["title"],
      sample: {
        result: { title: "A" },
        event: { id: randomUUID(), changes: [], details: {}, authors: [], occurredAt: "" },
      },
    }),
  ],
  watch: {
    webhook: { ...watchOf(notion).webhook },
    ownAuthor: "botId",
    objects: [
      {
        kind: "page",
        precisionMs: 1,
        created: "created",
        edits: ["title"],
        deep: [],
        async observe({ id }) {
          await gate;
          const page = pages.get(id);
          if (page === undefined) return undefined;
          const { title, at } = page;
          return {
            id,
            state: { title },
            createdAt: new Date(0),
            changedAt: at,
            createdBy: undefined,
            changedBy: undefined,
            result: { title },
          };
        },
        compare: (before, after) => ({
          changes: before["title"] === after["title"] ? [] : ["title"],
          unknown: [],
          details: {},
        }),
      },
    ],
  },
});

function watchOf({ watch }: Connector) {
  if (watch === undefined) throw new Error("Notion is watched.");
  return watch;
}

/** A watcher as one process has it. */
function startWatcher(): Watcher {
  const noSubscriptions = { plan: async () => [], readInputs: async () => [] };
  const write = () => undefined;
  const watcher = createWatcher({
    store: createWatchStore(database.kysely),
    connectors: new Map([[connector.id, connector]]),
    planners: {
      workflow: createWorkflowPlanner(rig.triggers),
      subscription: noSubscriptions,
    },
    openClient: () => ({ request: async () => ({}) as never }),
    onStarted: () => undefined,
    // As often as can be: what is woken meets what is come across.
    lookEveryMs: 1,
    log: { info: write, warn: write, error: write },
  });
  watchers.push(watcher);
  watcher.start();
  return watcher;
}

/** Accounts with a workflow that waits for changed pages. */
async function listenOn(count: number): Promise<string[]> {
  const definition = definitionWith({ id: "start", type: "integration", trigger: "page-changed" });
  const parsed = { revision: 1, definition: Definition.parse(definition), name: null };
  const { projectId, integrationId } = project;
  const { id } = await rig.workflows.create(projectId, integrationId, { title: "Pages" });
  await rig.stores.workflows.deploy(projectId, id, parsed);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const externalId = `account-${index}`;
    const { connectionId } = await addConnection(rig, project, user, { externalId });
    await rig.enrollments.enable(user, id, { connection: externalId });
    ids.push(connectionId);
  }
  return ids;
}

/** The page is renamed, and an event says so to the connection. */
async function rename(connectionId: string, pageId: string, title: string): Promise<void> {
  pages.set(pageId, { title, at: new Date() });
  const eventId = randomUUID();
  await sql`
    insert into webhook_events (
      id, integration_id, project_id, provider_event_id, type, occurred_at, outcome, body
    ) values (
      ${eventId}, ${project.integrationId}, ${project.projectId}, ${eventId}, 'page.renamed',
      now(), 'routed', ''
    )`.execute(rig.db);
  await sql`
    insert into event_routes (
      event_id, connection_id, project_id, object_kind, object_id, changes, authors, occurred_at
    ) values (
      ${eventId}, ${connectionId}, ${project.projectId}, 'page', ${pageId}, '{title}', '{}', now()
    )`.execute(rig.db);
}

async function count(what: ReturnType<typeof sql<{ count: number }>>): Promise<number> {
  const { rows } = await what.execute(rig.db);
  return rows[0]?.count ?? -1;
}

const ofProject = () => sql`project_id = ${project.projectId}`;
const pending = () =>
  count(sql`select count(*)::integer as count from event_routes
    where ${ofProject()} and outcome is null`);
const held = () =>
  count(sql`select count(*)::integer as count from watches
    where ${ofProject()} and lease_holder is not null`);
const runs = () => count(sql`select count(*)::integer as count from runs where ${ofProject()}`);

test("whichever process is woken, each event is worked on and no account stays taken", async () => {
  const connections = await listenOn(12);
  const processes = [startWatcher(), startWatcher()];
  for (let round = 0; round < 40; round += 1) {
    const renamed = connections.map(async (connectionId, index) => {
      await rename(connectionId, `page-${index}`, `title ${round}`);
      for (const one of processes) one.wake([connectionId]);
    });
    await Promise.all(renamed);
  }
  // Sooner than a lease ends by itself.
  await expect.poll(pending, { timeout: 12_000 }).toBe(0);
  await expect.poll(held, { timeout: 2_000 }).toBe(0);
  // One for each account's own page at the least, and never more than there were events.
  expect(await runs()).toBeGreaterThanOrEqual(connections.length);
  expect(await runs()).toBeLessThanOrEqual(connections.length * 40);
});

test("what a process that hangs has taken is another's when its lease is over, and is told once", async () => {
  const [connectionId = ""] = await listenOn(1);
  ({ promise: gate, resolve: openGate } = Promise.withResolvers<void>());
  const hanging = startWatcher();
  await rename(connectionId, "page", "once");
  hanging.wake([connectionId]);
  await expect.poll(held).toBe(1);
  // As if it were silent for too long.
  await sql`update watches set lease_until = now(), lease_holder = ${randomUUID()}
    where ${ofProject()}`.execute(rig.db);
  gate = undefined;
  const other = startWatcher();
  other.wake([connectionId]);
  await expect.poll(pending).toBe(0);
  expect(await runs()).toBe(1);
  openGate();
  await hanging.close();
  expect(await runs()).toBe(1);
});
