import { randomUUID } from "node:crypto";
import type { SubscriptionAccount } from "@tenon/triggers";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { deleteOldDeliveries } from "./delete-old-deliveries.ts";
import { startReceiver, withStatus } from "./testing/receiver.ts";
import {
  createAccount,
  createSubscriptionRig,
  listenerOf,
  newChange,
  newSubscription,
  type SubscriptionRig,
  tell,
  toListener,
} from "./testing/subscription-rig.ts";

const url = "https://receiver.example/hook";

let database: TestDatabase;
let rig: SubscriptionRig;
let account: SubscriptionAccount & { externalUserId: string };

beforeAll(async () => {
  database = await createTestDatabase();
  rig = await createSubscriptionRig(database, { httpsOnly: true });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  rig.prepared.length = 0;
  account = await createAccount(rig);
});

async function subscribe(facts = {}) {
  const { subscription } = await rig.create(account, newSubscription(url, facts));
  return subscription.id;
}

describe("a new subscription", () => {
  test("listens and has its connection watched, after the account was looked at", async () => {
    const { subscription, secret } = await rig.create(
      account,
      newSubscription(`${url}#part`, {
        trigger: "NOTION_PAGE_CREATED",
        headers: { "X-Key": " abc " },
        catchesUp: true,
      }),
    );
    expect(subscription).toMatchObject({
      triggerId: "page-created",
      externalUserId: account.externalUserId,
      connectorId: "notion",
      url,
      headerNames: ["x-key"],
      status: "active",
    });
    expect(secret).toMatch(/^whsec_/);
    expect(await rig.readSecret(account, subscription.id)).toBe(secret);
    expect(rig.prepared).toEqual([account.connectionId]);
    expect(await listenerOf(rig, subscription.id)).toMatchObject({
      project_id: account.projectId,
      connection_id: account.connectionId,
      trigger_id: "page-created",
      catches_up: true,
      paused_at: null,
      behind_since: null,
    });
    const watch = await rig.db
      .selectFrom("watches")
      .selectAll()
      .where("connection_id", "=", account.connectionId)
      .executeTakeFirst();
    expect(watch).toMatchObject({ connector_id: "notion", project_id: account.projectId });
  });

  test("keeps its secret and its headers sealed", async () => {
    const { subscription, secret } = await rig.create(
      account,
      newSubscription(url, { headers: { "x-key": "header-value" } }),
    );
    const { rows } = await database.pool.query("select s::text as text from subscriptions s");
    const stored = JSON.stringify(rows) + Buffer.from(JSON.stringify(rows)).toString();
    for (const hidden of [secret, secret.slice(6), "header-value"]) {
      expect(stored).not.toContain(hidden);
      expect(JSON.stringify(subscription)).not.toContain(hidden);
    }
  });

  test.each([
    [{ trigger: "page-exploded" }, "trigger_not_found", "page-created"],
    [{ input: { limit: "many" } }, "invalid_request", "input.limit"],
    [{ input: { parnet: "x" } }, "invalid_request", "input.parnet"],
    [{ url: "receiver.example" }, "invalid_request", "no URL"],
    [{ url: "http://receiver.example/" }, "invalid_request", "must begin with https"],
    [{ url: "ftp://receiver.example/" }, "invalid_request", "must begin with https"],
    [{ url: "https://ada:secret@receiver.example/" }, "invalid_request", "user name"],
    [{ headers: { "Webhook-Id": "x" } }, "invalid_request", "headers.webhook-id"],
    [{ headers: { host: "x" } }, "invalid_request", "headers.host"],
    [{ headers: { "Content-Length": "1" } }, "invalid_request", "headers.content-length"],
    [{ headers: { "x-key": "a\r\nb: c" } }, "invalid_request", "headers.x-key"],
    [{ headers: { "x key": "a" } }, "invalid_request", "headers.x key"],
    [
      { condition: { operator: "$exists", variable: "{{user.id}}" } },
      "invalid_request",
      "{{user.id}}",
    ],
    [
      { condition: { operator: "$exists", variable: "{{trigger." } },
      "invalid_request",
      "condition",
    ],
  ] as const)("is refused: %j", async (facts, code, words) => {
    const refused = rig.create(account, newSubscription(url, facts));
    await expect(refused).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect((await rig.list(account, { limit: 10 })).subscriptions).toEqual([]);
  });

  test("of an account that is not this user's is not made", async () => {
    const other = await createAccount(rig, account);
    const made = rig.create({ ...account, connectionId: other.connectionId }, newSubscription(url));
    await expect(made).rejects.toMatchObject({ code: "connection_not_found" });
  });
});

test("subscriptions are listed newest first, in pages, by what is asked for", async () => {
  const other = await createAccount(rig, account);
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.unshift(await subscribe());
  const { subscription } = await rig.create(other, newSubscription(url));
  await rig.update(account, ids[0] ?? "", { status: "disabled" });
  const { projectId } = account;
  const listed = async (filter: object, scope: object = {}) => {
    const page = await rig.list({ projectId, ...scope }, { limit: 50, ...filter });
    return page.subscriptions.map(({ id }) => id);
  };
  expect(await listed({})).toEqual([subscription.id, ...ids]);
  expect(await listed({ userId: other.userId })).toEqual([subscription.id]);
  expect(await listed({}, { userId: account.userId })).toEqual(ids);
  expect(await listed({ status: "disabled" })).toEqual([ids[0]]);
  expect(await listed({ triggerId: "another" })).toEqual([]);
  expect(await listed({ integrationId: randomUUID() })).toEqual([]);
  const paged = [];
  let cursor: string | undefined;
  do {
    const page = await rig.list({ projectId }, { limit: 2, cursor });
    paged.push(...page.subscriptions.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  expect(paged).toEqual([subscription.id, ...ids]);
});

test("of another project or user there is nothing to see or change", async () => {
  const id = await subscribe();
  const deliveryId = await tell(rig, account, { subscriptionId: id });
  const stranger = await createAccount(rig);
  const eve = await createAccount(rig, account);
  const before = await rig.get(account, id);
  const unknown = { code: "subscription_not_found", status: 404 };
  for (const { projectId, userId } of [stranger, eve]) {
    const scope = { projectId, userId };
    const asks = [
      rig.get(scope, id),
      rig.update(scope, id, { url: "https://eve.example/" }),
      rig.remove(scope, id),
      rig.readSecret(scope, id),
      rig.rotateSecret(scope, id),
      rig.sendTest(scope, id),
      rig.listDeliveries(scope, id, { limit: 10 }),
      rig.getDelivery(scope, id, deliveryId),
      rig.replay(scope, id, deliveryId),
      rig.replayFailed(scope, id, { from: new Date(0), to: new Date() }),
    ];
    for (const outcome of await Promise.allSettled(asks)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: unknown });
    }
  }
  for (const id of ["x", randomUUID()]) {
    await expect(rig.get(account, id)).rejects.toMatchObject(unknown);
  }
  const own = await subscribe();
  await expect(rig.getDelivery(account, own, deliveryId)).rejects.toMatchObject({
    code: "delivery_not_found",
  });
  await expect(rig.replay(account, own, deliveryId)).rejects.toMatchObject({
    code: "delivery_not_found",
  });
  expect(await rig.get(account, id)).toEqual(before);
});

describe("a change", () => {
  const matching = async () => true;

  test("is sent once, whoever plans it", async () => {
    const id = await subscribe({ input: { limit: 3 } });
    const listener = await toListener(rig, id);
    const change = newChange(account);
    const asked: unknown[] = [];
    const starts = await rig.planner.plan(change, [listener], async (...ask) => {
      asked.push(ask);
      return true;
    });
    expect(asked).toEqual([["page-created", { limit: 3 }]]);
    expect(starts).toEqual([
      {
        listenerId: listener.id,
        delivery: expect.objectContaining({ subscriptionId: id, changeId: change.id }),
      },
    ]);
    expect(await rig.planner.plan(change, [listener], matching)).toEqual(starts);
    const deliveries = starts.flatMap((start) => ("delivery" in start ? [start.delivery] : []));
    await rig.insert(deliveries);
    await rig.insert(deliveries);
    expect((await rig.listDeliveries(account, id, { limit: 10 })).deliveries).toHaveLength(1);
    expect(await rig.planner.readInputs(account, [listener])).toEqual([
      { triggerId: "page-created", input: { limit: 3 } },
    ]);
  });

  test("that the trigger's input does not ask for leads to nothing; what cannot be told is thrown", async () => {
    const listener = await toListener(rig, await subscribe());
    expect(await rig.planner.plan(newChange(account), [listener], async () => false)).toEqual([]);
    const fault = new Error("The provider is away.");
    const planned = rig.planner.plan(newChange(account), [listener], async () => {
      throw fault;
    });
    await expect(planned).rejects.toBe(fault);
  });

  test("of the connection's own is left out where it was asked for", async () => {
    const listeners = [
      await toListener(rig, await subscribe({ ignoresOwn: true })),
      await toListener(rig, await subscribe()),
    ];
    const own = await rig.planner.plan(newChange(account, { isOwn: true }), listeners, matching);
    expect(own.map(({ listenerId }) => listenerId)).toEqual([listeners[1]?.id]);
    expect(await rig.planner.plan(newChange(account), listeners, matching)).toHaveLength(2);
  });

  test("is sent where the condition holds for its payload", async () => {
    const condition = {
      join: "and",
      conditions: [
        { operator: "$stringContains", variable: "{{trigger.result.title}}", argument: "page" },
        {
          operator: "$stringExactlyMatches",
          variable: "{{trigger.event.changes[0]}}",
          argument: "created",
        },
      ],
    };
    const listener = await toListener(rig, await subscribe({ condition }));
    const plan = (result: object) =>
      rig.planner.plan(newChange(account, { result }), [listener], matching);
    expect(await plan({ title: "A page" })).toHaveLength(1);
    expect(await plan({ title: "A book" })).toHaveLength(0);
    expect(await plan({})).toHaveLength(0);
  });

  test("finds what another process has changed of the subscription", async () => {
    const other = await createSubscriptionRig(database, { keyRing: rig.keyRing });
    const id = await subscribe();
    const listener = await toListener(rig, id);
    const planned = async () =>
      (await rig.planner.plan(newChange(account), [listener], matching)).length;
    expect(await planned()).toBe(1);
    await other.update(account, id, {
      condition: { operator: "$isNotUndefinedOrNull", variable: "{{trigger.result.nothing}}" },
    });
    await expect.poll(planned).toBe(0);
    await other.update(account, id, { condition: null });
    await expect.poll(planned).toBe(1);
    await other.update(account, id, { status: "disabled" });
    await expect.poll(planned).toBe(0);
    await other.update(account, id, { status: "active" });
    // At once: nothing that an enabled one waits for may be missed.
    expect(await planned()).toBe(1);
    await other[Symbol.asyncDispose]();
  });
});

describe("disabling and enabling", () => {
  test("without catching up begins anew, and what waited has failed", async () => {
    const id = await subscribe();
    const begun = await listenerOf(rig, id);
    const deliveryId = await tell(rig, account, { subscriptionId: id });
    expect(await rig.update(account, id, { status: "disabled" })).toMatchObject({
      status: "disabled",
      disabledReason: "requested",
      disabledAt: expect.any(Date),
    });
    expect(await rig.getDelivery(account, id, deliveryId)).toMatchObject({
      status: "pending",
      nextAttemptAt: undefined,
    });
    expect((await listenerOf(rig, id))?.paused_at).toBeInstanceOf(Date);
    rig.prepared.length = 0;
    expect(await rig.update(account, id, { status: "active" })).toMatchObject({
      status: "active",
      disabledReason: undefined,
      disabledAt: undefined,
    });
    expect(rig.prepared).toEqual([account.connectionId]);
    const listener = await listenerOf(rig, id);
    expect(listener).toMatchObject({ paused_at: null, behind_since: null });
    expect(listener?.since.getTime()).toBeGreaterThan(begun?.since.getTime() ?? Infinity);
    expect((await rig.getDelivery(account, id, deliveryId)).status).toBe("failed");
  });

  test("with catching up goes on where it stopped", async () => {
    const id = await subscribe({ catchesUp: true });
    const begun = await listenerOf(rig, id);
    const deliveryId = await tell(rig, account, { subscriptionId: id });
    await rig.update(account, id, { status: "disabled" });
    const paused = await listenerOf(rig, id);
    rig.prepared.length = 0;
    await rig.update(account, id, { status: "active" });
    expect(rig.prepared).toEqual([]);
    expect(await listenerOf(rig, id)).toMatchObject({
      since: begun?.since,
      paused_at: null,
      behind_since: paused?.paused_at,
    });
    await rig.update(account, id, { status: "disabled" });
    await rig.update(account, id, { status: "active" });
    // It has not caught up with the first pause yet.
    expect((await listenerOf(rig, id))?.behind_since).toEqual(paused?.paused_at);
    expect((await rig.getDelivery(account, id, deliveryId)).nextAttemptAt).toBeInstanceOf(Date);
  });

  test("a disabled one is sent nothing, not even a test or a replay", async () => {
    const receiver = await startReceiver();
    const local = await createSubscriptionRig(database, { keyRing: rig.keyRing });
    const { subscription } = await local.create(account, newSubscription(receiver.url));
    const { id } = subscription;
    const deliveryId = await tell(local, account, { subscriptionId: id });
    await local.update(account, id, { status: "disabled" });
    const disabled = { code: "subscription_disabled", status: 409 };
    await expect(local.sendTest(account, id)).rejects.toMatchObject(disabled);
    await expect(local.replay(account, id, deliveryId)).rejects.toMatchObject(disabled);
    // What another process planned a moment ago comes too late.
    await local.db
      .updateTable("deliveries")
      .set({ next_attempt_at: sql<Date>`now()` })
      .where("id", "=", deliveryId)
      .execute();
    local.startSender();
    const active = await local.create(account, newSubscription(receiver.url));
    await local.sendTest(account, active.subscription.id);
    await expect.poll(() => receiver.got.length).toBe(1);
    expect(JSON.parse(receiver.got[0]?.body ?? "").subscriptionId).toBe(active.subscription.id);
    await local[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
});

describe("sending", () => {
  async function withReceiver(
    work: (
      local: SubscriptionRig,
      receiver: Awaited<ReturnType<typeof startReceiver>>,
    ) => Promise<void>,
  ) {
    const receiver = await startReceiver();
    const local = await createSubscriptionRig(database, { keyRing: rig.keyRing });
    local.startSender({ timing: { delaysMs: [] } });
    try {
      await work(local, receiver);
    } finally {
      await local[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    }
  }

  test("a test is the trigger's sample, marked, and changes nothing of the subscription", () =>
    withReceiver(async (local, receiver) => {
      receiver.answerWith(withStatus(410));
      const { subscription } = await local.create(account, newSubscription(receiver.url));
      const { id } = await local.sendTest(account, subscription.id);
      const get = () => local.getDelivery(account, subscription.id, id);
      await expect.poll(async () => (await get()).status).toBe("failed");
      expect(await get()).toMatchObject({ isTest: true, changeId: undefined });
      expect(JSON.parse(receiver.got[0]?.body ?? "")).toMatchObject({
        test: true,
        type: "NOTION_PAGE_CREATED",
        data: { result: { id: "sample-page" } },
        user: { id: account.externalUserId },
      });
      expect(await local.get(account, subscription.id)).toMatchObject({
        status: "active",
        failingSince: undefined,
      });
    }));

  test("a replay sends a new series under the same id, one or all that failed in a time", () =>
    withReceiver(async (local, receiver) => {
      receiver.answerWith(withStatus(500));
      const { subscription } = await local.create(account, newSubscription(receiver.url));
      const { id } = subscription;
      const ids: string[] = [];
      for (let n = 0; n < 3; n += 1) ids.push(await tell(local, account, { subscriptionId: id }));
      const statuses = async () =>
        (await local.listDeliveries(account, id, { limit: 10 })).deliveries.map(
          (one) => one.status,
        );
      await expect.poll(statuses).toEqual(["failed", "failed", "failed"]);
      receiver.answerWith(withStatus(200));
      receiver.got.length = 0;
      const [first = ""] = ids;
      await local.replay(account, id, first);
      await expect
        .poll(async () => (await statuses()).toSorted())
        .toEqual(["delivered", "failed", "failed"]);
      expect(receiver.got.map(({ headers }) => headers["webhook-id"])).toEqual([first]);
      expect(await local.getDelivery(account, id, first)).toMatchObject({
        attemptCount: 1,
        attempts: [{ status: 500 }, { status: 200 }],
      });
      const past = { from: new Date(0), to: new Date(Date.now() - 60_000) };
      expect(await local.replayFailed(account, id, past)).toBe(0);
      const all = { from: new Date(0), to: new Date(Date.now() + 60_000) };
      expect(await local.replayFailed(account, id, all)).toBe(2);
      await expect.poll(statuses).toEqual(["delivered", "delivered", "delivered"]);
    }));

  test("what fails for five days without one success is disabled, and the log says so", () =>
    withReceiver(async (local, receiver) => {
      receiver.answerWith(withStatus(500));
      const { subscription } = await local.create(account, newSubscription(receiver.url));
      const { id } = subscription;
      const failing = (ago: string) =>
        local.db
          .updateTable("subscriptions")
          .set({ failing_since: sql<Date>`now() - ${ago}::interval` })
          .where("id", "=", id)
          .execute();
      const fail = async () => {
        const deliveryId = await tell(local, account, { subscriptionId: id });
        const status = async () => (await local.getDelivery(account, id, deliveryId)).status;
        await expect.poll(status).toBe("failed");
      };
      await failing("4 days 23 hours");
      await fail();
      expect((await local.get(account, id)).status).toBe("active");
      await failing("5 days 1 minute");
      await fail();
      expect(await local.get(account, id)).toMatchObject({
        status: "disabled",
        disabledReason: "failing",
      });
      expect((await listenerOf(local, id))?.paused_at).toBeInstanceOf(Date);
      expect(local.logged).toContainEqual({
        facts: expect.objectContaining({ subscriptionId: id, reason: "failing" }),
        message: expect.stringContaining("disabled"),
      });
      // Enabled again it has five days again.
      await local.update(account, id, { status: "active" });
      await fail();
      expect((await local.get(account, id)).status).toBe("active");
    }));
});

test("deliveries are listed newest first, in pages, by status and time", async () => {
  const id = await subscribe();
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.unshift(await tell(rig, account, { subscriptionId: id }));
  const page = await rig.listDeliveries(account, id, { limit: 2 });
  expect(page.deliveries.map((one) => one.id)).toEqual(ids.slice(0, 2));
  const { nextCursor: cursor } = page;
  const rest = await rig.listDeliveries(account, id, { limit: 2, cursor });
  expect(rest).toMatchObject({ deliveries: [{ id: ids[2] }], nextCursor: undefined });
  const count = async (filter: object) =>
    (await rig.listDeliveries(account, id, { limit: 9, ...filter })).deliveries.length;
  expect(await count({ status: "failed" })).toBe(0);
  expect(await count({ to: new Date(Date.now() - 60_000) })).toBe(0);
  expect(await count({ from: new Date(Date.now() - 60_000) })).toBe(3);
});

test("deliveries that are over are deleted after 30 days; what still waits is not", async () => {
  const id = await subscribe();
  const [over, waiting, fresh] = [
    await tell(rig, account, { subscriptionId: id }),
    await tell(rig, account, { subscriptionId: id }),
    await tell(rig, account, { subscriptionId: id }),
  ];
  const age = (one: string, change: object) =>
    rig.db
      .updateTable("deliveries")
      .set({ created_at: sql<Date>`now() - interval '31 days'`, ...change })
      .where("id", "=", one)
      .execute();
  await age(over, { status: "failed", finished_at: sql`now() - interval '31 days'` });
  await age(waiting, {});
  await deleteOldDeliveries(rig.db);
  const left = (await rig.listDeliveries(account, id, { limit: 9 })).deliveries;
  expect(left.map((one) => one.id)).toEqual([fresh, waiting]);
});

test("what belongs to an account goes with it", async () => {
  const id = await subscribe();
  await tell(rig, account, { subscriptionId: id });
  await rig.db.deleteFrom("connections").where("id", "=", account.connectionId).execute();
  await expect(rig.get(account, id)).rejects.toMatchObject({ code: "subscription_not_found" });
  const kept = await subscribeElsewhere();
  await rig.remove(kept.account, kept.id);
  expect(await listenerOf(rig, kept.id)).toBeUndefined();
});

async function subscribeElsewhere() {
  const other = await createAccount(rig);
  const { subscription } = await rig.create(other, newSubscription(url));
  return { account: other, id: subscription.id };
}
