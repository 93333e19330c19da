import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Delivery, SubscriptionAccount } from "@tenon/triggers";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { type Receiver, startReceiver, withStatus } from "./testing/receiver.ts";
import type { SenderOrder } from "./testing/sender-process.ts";
import {
  createAccount,
  createSubscriptionRig,
  newSubscription,
  type SubscriptionRig,
  tell,
} from "./testing/subscription-rig.ts";

let database: TestDatabase;
let rig: SubscriptionRig;
let account: SubscriptionAccount & { externalUserId: string };
let receiver: Receiver;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  rig = await createSubscriptionRig(database);
  account = await createAccount(rig);
  receiver = await startReceiver();
});
afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
  await database.kysely.deleteFrom("projects").execute();
});

async function subscribe(url = receiver.url, facts = {}) {
  const { subscription, secret } = await rig.create(account, newSubscription(url, facts));
  return { id: subscription.id, secret };
}

/** Waits until a delivery is over. */
async function settled(subscriptionId: string, deliveryId: string): Promise<Delivery> {
  const get = () => rig.getDelivery(account, subscriptionId, deliveryId);
  await expect.poll(async () => (await get()).status, { timeout: 10_000 }).not.toBe("pending");
  return get();
}

/** Waits for the first failed attempt. */
async function attempted(subscriptionId: string, deliveryId: string): Promise<Delivery> {
  const get = () => rig.getDelivery(account, subscriptionId, deliveryId);
  await expect.poll(async () => (await get()).attempts.length, { timeout: 10_000 }).toBe(1);
  return get();
}

test("a change is sent signed, as Standard Webhooks has it, with who it is about", async () => {
  const { id, secret } = await subscribe(receiver.url, {
    headers: { Authorization: "Bearer own-token" },
    metadata: { tenant: 7 },
  });
  rig.startSender();
  const occurredAt = new Date("2026-03-01T10:00:00.000Z");
  const deliveryId = await tell(rig, account, { subscriptionId: id, change: { occurredAt } });
  expect(await settled(id, deliveryId)).toMatchObject({
    status: "delivered",
    attemptCount: 1,
    nextAttemptAt: undefined,
    attempts: [{ status: 200, error: null, response: "ok" }],
  });
  const [received] = receiver.got;
  expect(received?.headers).toMatchObject({
    "webhook-id": deliveryId,
    "content-type": "application/json",
    "user-agent": "Tenon/test",
    authorization: "Bearer own-token",
  });
  const headers = received?.headers as Record<string, string>;
  const payload = new Webhook(secret).verify(received?.body ?? "", headers);
  expect(payload).toMatchObject({
    type: "NOTION_PAGE_CREATED",
    timestamp: "2026-03-01T10:00:00.000Z",
    data: { result: { id: "page-1", title: "A page" }, event: { changes: ["created"] } },
    subscriptionId: id,
    integration: "notion",
    user: { id: account.externalUserId },
    connectionId: account.connectionId,
    metadata: { tenant: 7 },
  });
  const other = new Webhook((await subscribe()).secret);
  expect(() => other.verify(received?.body ?? "", headers)).toThrow(WebhookVerificationError);
  expect(rig.counted).toEqual(["delivered"]);
});

test("a rotated secret signs from then on, and the old one no more", async () => {
  const { id, secret } = await subscribe();
  const rotated = await rig.rotateSecret(account, id);
  expect(await rig.readSecret(account, id)).toBe(rotated);
  rig.startSender();
  await settled(id, await tell(rig, account, { subscriptionId: id }));
  const [received] = receiver.got;
  const headers = received?.headers as Record<string, string>;
  new Webhook(rotated).verify(received?.body ?? "", headers);
  const old = new Webhook(secret);
  expect(() => old.verify(received?.body ?? "", headers)).toThrow(WebhookVerificationError);
});

test("what is not delivered is tried again with the same id, until the attempts are used up", async () => {
  const { id } = await subscribe();
  receiver.answerWith(withStatus(500, {}, "no"));
  rig.startSender();
  const deliveryId = await tell(rig, account, { subscriptionId: id });
  const delivery = await settled(id, deliveryId);
  expect(delivery).toMatchObject({ status: "failed", attemptCount: 3 });
  expect(delivery.attempts.map(({ status, error, response }) => [status, error, response])).toEqual(
    Array.from({ length: 3 }, () => [500, "The receiver answered 500.", "no"]),
  );
  expect(receiver.got.map(({ headers }) => headers["webhook-id"])).toEqual([
    deliveryId,
    deliveryId,
    deliveryId,
  ]);
  expect(new Set(receiver.got.map(({ body }) => body)).size).toBe(1);
  expect(rig.counted).toEqual(["retried", "retried", "failed"]);
  expect((await rig.get(account, id)).failingSince).toBeInstanceOf(Date);
});

test("one success ends failing", async () => {
  const { id } = await subscribe();
  receiver.answerWith((response) => {
    response.writeHead(receiver.got.length === 1 ? 503 : 204).end();
  });
  rig.startSender();
  const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
  expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 204]);
  expect((await rig.get(account, id)).failingSince).toBeUndefined();
});

test("the next attempt is due as long after the first as the schedule says", async () => {
  const { id } = await subscribe();
  receiver.answerWith(withStatus(500));
  rig.startSender({ timing: { delaysMs: [5_000] }, random: () => 0.5 });
  const { nextAttemptAt, attempts } = await attempted(
    id,
    await tell(rig, account, { subscriptionId: id }),
  );
  const waitMs = (nextAttemptAt?.getTime() ?? 0) - Date.parse(attempts[0]?.at ?? "");
  expect(waitMs).toBeGreaterThanOrEqual(5_000);
  expect(waitMs).toBeLessThan(7_000);
});

test.each([
  { status: 429, retryAfter: "120", atLeastMs: 119_000 },
  { status: 503, retryAfter: new Date(Date.now() + 300_000).toUTCString(), atLeastMs: 250_000 },
  // Of any other answer it says nothing about the receiver's health.
  { status: 500, retryAfter: "120", atLeastMs: 0, atMostMs: 60_000 },
])("Retry-After of a $status", async ({ status, retryAfter, atLeastMs, atMostMs = 400_000 }) => {
  const { id } = await subscribe();
  receiver.answerWith(withStatus(status, { "retry-after": retryAfter }));
  rig.startSender({ timing: { delaysMs: [10_000] } });
  const { nextAttemptAt } = await attempted(id, await tell(rig, account, { subscriptionId: id }));
  const waitMs = (nextAttemptAt?.getTime() ?? 0) - Date.now();
  expect(waitMs).toBeGreaterThan(atLeastMs);
  expect(waitMs).toBeLessThan(atMostMs);
});

test("410 Gone disables the subscription at once, and the log says so", async () => {
  const { id } = await subscribe();
  receiver.answerWith(withStatus(410));
  rig.startSender();
  expect(await settled(id, await tell(rig, account, { subscriptionId: id }))).toMatchObject({
    status: "failed",
    attemptCount: 1,
  });
  expect(await rig.get(account, id)).toMatchObject({
    status: "disabled",
    disabledReason: "gone",
    disabledAt: expect.any(Date),
  });
  expect(rig.logged).toContainEqual({
    facts: expect.objectContaining({ subscriptionId: id, reason: "gone" }),
    message: expect.stringContaining("410"),
  });
});

test("a redirect is not followed", async () => {
  const elsewhere = await startReceiver();
  try {
    const { id } = await subscribe();
    receiver.answerWith(withStatus(302, { location: elsewhere.url }));
    rig.startSender({ timing: { delaysMs: [] } });
    const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
    expect(delivery.attempts[0]).toMatchObject({
      status: 302,
      error: expect.stringContaining("Redirects are not followed"),
    });
    expect(elsewhere.got).toEqual([]);
  } finally {
    await elsewhere[Symbol.asyncDispose]();
  }
});

test("a receiver that does not answer in time has failed", async () => {
  const { id } = await subscribe();
  receiver.answerWith(() => undefined);
  rig.startSender({ timing: { delaysMs: [], timeoutMs: 200 } });
  const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
  expect(delivery.attempts[0]).toMatchObject({
    status: null,
    error: "No answer came within 0.2 seconds.",
    durationMs: expect.toSatisfy((ms: number) => ms >= 190 && ms < 1_500),
  });
});

test("an answer whose body never ends counts by its status", async () => {
  const { id } = await subscribe();
  receiver.answerWith((response) => response.writeHead(200).write("beginning"));
  rig.startSender({ timing: { delaysMs: [], timeoutMs: 300 } });
  const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
  expect(delivery).toMatchObject({ status: "delivered", attempts: [{ response: "beginning" }] });
});

test("a receiver that cuts the connection, or is not there, has failed", async () => {
  const cutting = createServer((socket) => socket.on("data", () => socket.destroy()));
  cutting.listen(0, "127.0.0.1");
  await once(cutting, "listening");
  const { port } = cutting.address() as AddressInfo;
  rig.startSender({ timing: { delaysMs: [] } });
  for (const expected of [/UND_ERR_SOCKET|ECONNRESET/, /ECONNREFUSED/]) {
    const { id } = await subscribe(`http://127.0.0.1:${port}/`);
    const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
    expect(delivery.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringMatching(expected),
    });
    if (cutting.listening) await new Promise((resolve) => cutting.close(resolve));
  }
});

test("private addresses are not sent to, by number or by name", async () => {
  rig.startSender({
    allowedPrivate: [],
    resolve: async () => [{ address: "127.0.0.1", family: 4 }],
    timing: { delaysMs: [] },
  });
  for (const host of ["127.0.0.1", "[::1]", "receiver.example", "169.254.169.254"]) {
    const { id } = await subscribe(`http://${host}:${receiver.port}/`);
    const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
    expect(delivery.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringContaining("is not on the public internet"),
    });
  }
  expect(receiver.got).toEqual([]);
});

test("what a receiver answers is kept in part, without the subscription's secrets", async () => {
  const { id, secret } = await subscribe(receiver.url, {
    headers: { authorization: "Bearer very-own-token", "x-key": "k-123456" },
  });
  const echo = `\0${secret} ${secret.slice(6)} very-own-token k-123456 ${"é".repeat(20_000)}`;
  receiver.answerWith(withStatus(200, {}, echo));
  rig.startSender();
  const delivery = await settled(id, await tell(rig, account, { subscriptionId: id }));
  const { response = "" } = delivery.attempts[0] ?? {};
  expect(response).toHaveLength(1_024);
  expect(response).toMatch(/^\[secret .*éé$/);
  for (const secretPart of [secret.slice(6), "very-own-token", "k-123456"]) {
    expect(JSON.stringify([await rig.get(account, id), delivery, rig.logged])).not.toContain(
      secretPart,
    );
  }
});

test("a dead receiver with a backlog holds up no other subscription", async () => {
  const hanging = await startReceiver(() => undefined);
  try {
    const dead = await Promise.all(Array.from({ length: 12 }, () => subscribe(hanging.url)));
    for (const { id } of dead) {
      for (let n = 0; n < 10; n += 1) await tell(rig, account, { subscriptionId: id });
    }
    const { id } = await subscribe();
    rig.startSender({ timing: { timeoutMs: 1_000, delaysMs: [60_000] } });
    // The first ones take all places until they are known to fail; from then on they have their own.
    await expect
      .poll(async () => (await rig.list(account, { limit: 50 })).subscriptions, { timeout: 15_000 })
      .toSatisfy(
        (all: { failingSince?: Date }[]) => all.filter((one) => one.failingSince).length === 12,
      );
    const startedAt = Date.now();
    for (let n = 0; n < 20; n += 1) {
      await settled(id, await tell(rig, account, { subscriptionId: id }));
    }
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  } finally {
    await hanging[Symbol.asyncDispose]();
  }
});

test("of one subscription at most four are under way", async () => {
  const { id } = await subscribe();
  let open = 0;
  let most = 0;
  receiver.answerWith((response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end();
    }, 30);
  });
  const ids = [];
  for (let n = 0; n < 20; n += 1) ids.push(await tell(rig, account, { subscriptionId: id }));
  rig.startSender();
  for (const one of ids) await settled(id, one);
  expect(most).toBe(4);
  expect(receiver.got).toHaveLength(20);
});

test("two senders send each delivery once", async () => {
  const { id } = await subscribe();
  const ids = [];
  for (let n = 0; n < 60; n += 1) ids.push(await tell(rig, account, { subscriptionId: id }));
  rig.startSender();
  rig.startSender();
  for (const one of ids) await settled(id, one);
  const sent = receiver.got.map(({ headers }) => String(headers["webhook-id"]));
  expect(sent.sort()).toEqual(ids.sort());
});

test("what a killed sender had in hand is sent again by another, under the same id", async () => {
  receiver.answerWith((response) => {
    // The first is left without an answer.
    if (receiver.got.length > 1) response.end();
  });
  const { id } = await subscribe();
  const deliveryId = await tell(rig, account, { subscriptionId: id });
  const { connectionConfig } = database;
  const order: SenderOrder = { connectionConfig, keyRing: rig.keyRing, holdMs: 1_500 };
  const script = join(import.meta.dirname, "testing/sender-process.ts");
  const child = fork(script, [JSON.stringify(order)], { execArgv: [], stdio: "inherit" });
  await expect.poll(() => receiver.got.length, { timeout: 20_000 }).toBe(1);
  child.kill("SIGKILL");
  await once(child, "exit");
  rig.startSender();
  expect(await settled(id, deliveryId)).toMatchObject({ status: "delivered", attemptCount: 1 });
  expect(receiver.got.map(({ headers }) => headers["webhook-id"])).toEqual([
    deliveryId,
    deliveryId,
  ]);
});

test("closing waits for what is under way and takes nothing more", async () => {
  const { id } = await subscribe();
  receiver.answerWith((response) => void setTimeout(() => response.end(), 300));
  const sender = rig.startSender();
  const first = await tell(rig, account, { subscriptionId: id });
  await expect.poll(() => receiver.got.length).toBe(1);
  const closed = sender.close();
  const second = await tell(rig, account, { subscriptionId: id });
  await closed;
  expect((await rig.getDelivery(account, id, first)).status).toBe("delivered");
  expect((await rig.getDelivery(account, id, second)).status).toBe("pending");
});
