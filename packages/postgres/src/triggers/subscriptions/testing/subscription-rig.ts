import { randomUUID } from "node:crypto";
import { createKeyRingText, createSealer, type Log, parseKeyRing } from "@tenon/connections";
import {
  type Change,
  createDeliverySender,
  createSubscriptionPlanner,
  createSubscriptions,
  type DeliveryCount,
  type DeliverySender,
  type DeliverySenderOptions,
  type Listener,
  type NewDelivery,
  type NewSubscription,
  type SubscriptionAccount,
} from "@tenon/triggers";
import type { Kysely } from "kysely";
import { createChangeFeed } from "../../../change-feed.ts";
import { createDataKeyStore } from "../../../connections/data-key-store.ts";
import type { ServerAddress } from "../../../embedded/owner-lock.ts";
import type { Database } from "../../../tables.ts";
import { createDeliveryQueue } from "../delivery-queue.ts";
import { createDeliveryStore } from "../delivery-store.ts";
import { insertDeliveries } from "../insert-deliveries.ts";
import { createSubscriptionStore } from "../subscription-store.ts";
import { testConnector } from "./test-connector.ts";

const loopback = ["127.0.0.0/8"];

export type SubscriptionRig = Awaited<ReturnType<typeof createSubscriptionRig>>;

/** Subscriptions as one process has them. Several on one database are several processes. */
export async function createSubscriptionRig(
  { kysely: db, connectionConfig }: { kysely: Kysely<Database>; connectionConfig: ServerAddress },
  options: { keyRing?: string; httpsOnly?: boolean } = {},
) {
  const keyRing = options.keyRing ?? createKeyRingText();
  const changeFeed = createChangeFeed(connectionConfig);
  await changeFeed.ready;
  const dataKeys = createDataKeyStore(db);
  const sealer = createSealer({ keyRing: parseKeyRing(keyRing), dataKeys, changeFeed });
  const logged: { facts: object; message: string }[] = [];
  const write = (facts: object, message: string) => void logged.push({ facts, message });
  const log: Log = { info: write, warn: write, error: write };
  const connectors = new Map([[testConnector.id, testConnector]]);
  const store = createSubscriptionStore(db);
  const counted: DeliveryCount[] = [];
  const prepared: string[] = [];
  const senders: DeliverySender[] = [];
  const planner = createSubscriptionPlanner({ subscriptions: store, connectors, changeFeed, log });
  const subscriptions = createSubscriptions({
    subscriptions: store,
    deliveries: createDeliveryStore(db),
    connectors,
    sealer,
    prepare: async (connectionId) => void prepared.push(connectionId),
    wake: () => senders.forEach((sender) => sender.wake()),
    httpsOnly: options.httpsOnly ?? false,
  });

  return {
    db,
    keyRing,
    sealer,
    store,
    planner,
    logged,
    counted,
    prepared,
    ...subscriptions,

    /** One more process's sender, in a hurry. */
    startSender(options: Partial<DeliverySenderOptions> = {}): DeliverySender {
      const sender = createDeliverySender({
        queue: createDeliveryQueue(db),
        sealer,
        allowedPrivate: loopback,
        userAgent: "Tenon/test",
        count: (outcome) => counted.push(outcome),
        log,
        ...options,
        timing: { delaysMs: [20, 20], timeoutMs: 2_000, pollMs: 20, ...options.timing },
      });
      senders.push(sender);
      sender.start();
      return sender;
    },

    insert: (deliveries: readonly NewDelivery[]) =>
      db.transaction().execute((transaction) => insertDeliveries(transaction, deliveries)),

    async [Symbol.asyncDispose]() {
      await Promise.all(senders.map((sender) => sender.close()));
      planner.close();
      sealer.close();
      await changeFeed.stop();
    },
  };
}

/** A project with a connected user and one account. */
export async function createAccount(
  { db, sealer }: SubscriptionRig,
  inside?: SubscriptionAccount,
): Promise<SubscriptionAccount & { externalUserId: string }> {
  const projectId = inside?.projectId ?? randomUUID();
  const integrationId = inside?.integrationId ?? randomUUID();
  if (inside === undefined) {
    await db
      .insertInto("projects")
      .values({ id: projectId, title: "Test", sealed_data_key: sealer.createDataKey(projectId) })
      .execute();
    await db
      .insertInto("integrations")
      .values({
        id: integrationId,
        project_id: projectId,
        connector_id: testConnector.id,
        portal: "{}",
      })
      .execute();
  }
  const userId = randomUUID();
  const externalUserId = `user-${userId.slice(0, 8)}`;
  await db
    .insertInto("connected_users")
    .values({ id: userId, project_id: projectId, external_id: externalUserId, meta: "{}" })
    .execute();
  const connectionId = randomUUID();
  await db
    .insertInto("connections")
    .values({
      id: connectionId,
      project_id: projectId,
      integration_id: integrationId,
      connector_id: testConnector.id,
      user_id: userId,
      status: "VALID",
      account_id: `account-${connectionId}`,
      provider_data: "{}",
      client_id: "client",
      base_url: "http://127.0.0.1:1",
      sealed_tokens: Buffer.from("x"),
    })
    .execute();
  const connectorId = testConnector.id;
  return { projectId, userId, integrationId, connectorId, connectionId, externalUserId };
}

export function newSubscription(
  url: string,
  facts: Partial<NewSubscription> = {},
): NewSubscription {
  return {
    trigger: "page-created",
    input: {},
    condition: undefined,
    ignoresOwn: false,
    catchesUp: false,
    url,
    headers: {},
    metadata: {},
    ...facts,
  };
}

/** The subscription's row among the listeners. */
export async function listenerOf({ db }: SubscriptionRig, subscriptionId: string) {
  return db
    .selectFrom("listeners")
    .selectAll()
    .where("subscription_id", "=", subscriptionId)
    .executeTakeFirst();
}

/** As the watcher gives it to the planner. */
export async function toListener(rig: SubscriptionRig, subscriptionId: string): Promise<Listener> {
  const row = await listenerOf(rig, subscriptionId);
  if (row === undefined) throw new Error("There is no listener.");
  return {
    id: row.id,
    projectId: row.project_id,
    connectionId: row.connection_id,
    triggerId: row.trigger_id,
    since: row.since,
    pausedAt: row.paused_at ?? undefined,
    catchesUp: row.catches_up,
    behindSince: row.behind_since ?? undefined,
    of: { kind: "subscription", subscriptionId },
  };
}

/** A page was made in the account. */
export function newChange(account: SubscriptionAccount, facts: Partial<Change> = {}): Change {
  return {
    id: randomUUID(),
    projectId: account.projectId,
    connectionId: account.connectionId,
    object: { kind: "page", id: "page-1" },
    changes: ["created"],
    details: {},
    authors: ["person"],
    isOwn: false,
    cause: "webhook",
    occurredAt: new Date(),
    result: { id: "page-1", title: "A page" },
    ...facts,
  };
}

/** What the watcher does with one change for one subscription; answers the delivery's id. */
export async function tell(
  rig: SubscriptionRig,
  account: SubscriptionAccount,
  { subscriptionId, change }: { subscriptionId: string; change?: Partial<Change> },
): Promise<string> {
  const listener = await toListener(rig, subscriptionId);
  const starts = await rig.planner.plan(newChange(account, change), [listener], async () => true);
  const deliveries = starts.flatMap((start) => ("delivery" in start ? [start.delivery] : []));
  await rig.insert(deliveries);
  const [delivery] = deliveries;
  if (delivery === undefined) throw new Error("The change led to nothing.");
  return delivery.id;
}
