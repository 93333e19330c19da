import { randomUUID } from "node:crypto";
import type { NewInboundEvent } from "@tenon/triggers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isDatabaseGone } from "../../is-database-gone.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { createInboundEventStore } from "./event-store.ts";
import { recordEvents } from "./record-events.ts";
import {
  createInboxRig,
  developmentKeys,
  type InboxRig,
  type TestConnection,
  type TestEndpoint,
} from "./testing/inbox-rig.ts";

let database: TestDatabase;
let rig: InboxRig;
let endpoint: TestEndpoint;
let connection: TestConnection;

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createInboxRig(database);
  endpoint = await rig.addEndpoint();
  connection = await rig.connect(endpoint);
  await rig.listen(endpoint, connection);
});
afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

function newEvent(change: Partial<NewInboundEvent> = {}): NewInboundEvent {
  return {
    ...endpoint,
    id: randomUUID(),
    providerEventId: randomUUID(),
    type: "page.created",
    occurredAt: new Date(),
    account: connection.workspaceId,
    viewers: undefined,
    authors: [],
    told: { object: "page", id: "p", changes: ["created"] },
    body: Buffer.from("{}"),
    routing: {
      connectorId: "notion",
      clientId: developmentKeys.clientId,
      audience: { kind: "integrations", ids: [endpoint.integrationId] },
      accountKey: "workspaceId",
      viewerKeys: ["botId"],
    },
    ...change,
  };
}

const stored = async ({ id }: NewInboundEvent) =>
  database.kysely.selectFrom("webhook_events").selectAll().where("id", "=", id).executeTakeFirst();

it("a batch that is written again, because its commit was not heard of, changes nothing", async () => {
  const batch = [newEvent(), newEvent({ told: undefined })];
  const first = await recordEvents(database.pool, batch, false);
  expect(first).toEqual([
    { kind: "recorded", outcome: "routed", connectionIds: [connection.id] },
    { kind: "recorded", outcome: "unwatched", connectionIds: [] },
  ]);
  expect(await recordEvents(database.pool, batch, true)).toEqual(first);
  for (const one of batch) expect(await stored(one)).toMatchObject({ receipts: 1 });
});

it("an event that cannot be written fails alone", async () => {
  const store = createInboundEventStore(database.connectionConfig);
  const good = [newEvent(), newEvent(), newEvent()];
  const bad = newEvent({ providerEventId: "\0" });
  const gone = newEvent({ integrationId: randomUUID() });
  const [a, b, c, failed, unknown] = await Promise.allSettled(
    [...good, bad, gone].map((one) => store.record(one)),
  );
  for (const one of [a, b, c]) expect(one).toMatchObject({ value: { outcome: "routed" } });
  expect(failed).toMatchObject({ status: "rejected" });
  expect(unknown).toMatchObject({ value: { kind: "gone" } });
  await store.close();
});

it("bodies of any bytes and sizes stay with their events", async () => {
  const store = createInboundEventStore(database.connectionConfig);
  const sizes = [0, 1, 1_048_576, 7, 1_048_576, 1_048_576, 1_048_576, 1_048_576, 3];
  const events = sizes.map((size, index) => newEvent({ body: Buffer.alloc(size, index + 250) }));
  await Promise.all(events.map((one) => store.record(one)));
  for (const one of events) expect((await stored(one))?.body.equals(one.body)).toBe(true);
  await store.close();
});

it("accounts are found by what they are, not by what is similar", async () => {
  const ask = async (change: Partial<NewInboundEvent>) => {
    const [recorded] = await recordEvents(database.pool, [newEvent(change)], false);
    return recorded?.kind === "recorded" ? recorded.outcome : recorded?.kind;
  };
  expect(await ask({})).toBe("routed");
  expect(await ask({ account: connection.workspaceId.toUpperCase() })).toBe("no_connection");
  expect(await ask({ account: 7 })).toBe("no_connection");
  expect(await ask({ account: "" })).toBe("no_connection");
  expect(await ask({ account: undefined })).toBe("no_connection");
  expect(await ask({ viewers: [] })).toBe("no_connection");
  expect(await ask({ viewers: [connection.workspaceId] })).toBe("no_connection");
  expect(await ask({ viewers: ["x", connection.botId] })).toBe("routed");
});

it("a connection that is removed while its event is written is no fault of the event", async () => {
  const leaving = await rig.connect(endpoint);
  await rig.listen(endpoint, leaving);
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    await client.query("delete from connections where id = $1", [leaving.id]);
    const recording = recordEvents(
      database.pool,
      [newEvent({ account: leaving.workspaceId }), newEvent()],
      false,
    );
    const isWaiting = async () => {
      const { rowCount } = await database.pool.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return rowCount;
    };
    await expect.poll(isWaiting).toBe(1);
    await client.query("commit");
    expect(await recording).toMatchObject([{ outcome: "no_connection" }, { outcome: "routed" }]);
  } finally {
    client.release();
  }
});

it("while the database is away for long, all that waits fails as that", async () => {
  const store = createInboundEventStore({ ...database.connectionConfig, host: "/nowhere" });
  const results = await Promise.allSettled(
    [newEvent(), newEvent()].map((one) => store.record(one)),
  );
  for (const result of results) {
    const { reason } = result as PromiseRejectedResult;
    expect(isDatabaseGone(reason)).toBe(true);
  }
  await store.close();
});
