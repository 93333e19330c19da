import { randomUUID } from "node:crypto";
import type { Log, Sealer } from "@tenon/connections";
import type { ResolveHost } from "@tenon/runtime";
import { attemptDelivery, type AttemptResult } from "./attempt-delivery.ts";
import type { DeliveryAttempt } from "./delivery.ts";
import { createWebhookClient } from "./post-webhook.ts";
import { defaultDelaysMs, nextDelayMs } from "./retry-schedule.ts";
import type { ClaimedDelivery, DeliveryOutcome, DeliveryQueue } from "./subscription-store.ts";

/** What an attempt was counted as. */
export type DeliveryCount = "delivered" | "retried" | "failed";

/** Sends what is to be delivered, of all subscriptions. */
export interface DeliverySender {
  /** There may be something to send. */
  wake(): void;
  start(): void;
  /** Takes nothing more, and waits for what is under way. */
  close(): Promise<void>;
}

export interface DeliverySenderOptions {
  queue: DeliveryQueue;
  sealer: Sealer;
  /** Hosts, addresses and CIDRs of private networks that may be sent to. */
  allowedPrivate: readonly string[];
  /** Sent as `user-agent`. */
  userAgent: string;
  count(outcome: DeliveryCount): void;
  log: Log;
  timing?: Partial<DeliveryTiming>;
  /** How names are resolved, if not as the system does. */
  resolve?: ResolveHost;
  random?: () => number;
}

export interface DeliveryTiming {
  /** How long a receiver may take to answer. */
  timeoutMs: number;
  /** After each attempt but the last. */
  delaysMs: readonly number[];
  /** A subscription that fails for so long is disabled. */
  disableAfterMs: number;
  /** Others take over what a process that died had in hand after this time. */
  holdMs: number;
  pollMs: number;
}

const defaultTiming: DeliveryTiming = {
  timeoutMs: 15_000,
  delaysMs: defaultDelaysMs,
  disableAfterMs: 5 * 24 * 60 * 60_000,
  holdMs: 30_000,
  pollMs: 1_000,
};

/** Attempts that are kept of one delivery. */
const maxAttempts = 50;

/** Failing subscriptions have places of their own: receivers that hang hold up nobody else. */
const lanes = [
  { failing: false, slots: 24, perSubscription: 4 },
  { failing: true, slots: 8, perSubscription: 1 },
] as const;

/**
 * Creates the sender, of which each process has one.
 *
 * - A delivery is held while it is sent. Who dies meanwhile leaves it to the others, which send it
 *   again: with the same `webhook-id`.
 * - Order is not promised: several of one subscription are under way at a time, and what failed comes
 *   later.
 */
export function createDeliverySender(options: DeliverySenderOptions): DeliverySender {
  const { queue, log } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const deliver = createDeliver(options, timing);
  const takers = lanes.map((lane) => createTaker(lane, { queue, timing, deliver: deliver.run }));
  let bell = Promise.withResolvers<void>();
  const closing = new AbortController();
  let running: Promise<void> | undefined;
  const wake = () => bell.resolve();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      bell = Promise.withResolvers<void>();
      for (const taker of takers) {
        await taker.take(wake).catch((err: unknown) => {
          log.warn({ err }, "Deliveries wait for the next second");
        });
      }
      const timer = setTimeout(wake, timing.pollMs);
      await bell.promise;
      clearTimeout(timer);
    }
  }

  async function close(): Promise<void> {
    closing.abort();
    wake();
    await running;
    await Promise.all(takers.map((taker) => taker.drain()));
    await deliver.close();
  }

  let closed: Promise<void> | undefined;
  return {
    wake,
    start() {
      running ??= run();
    },
    close: () => (closed ??= close()),
  };
}

type Hold = { holder: string; delivery: ClaimedDelivery };

/** Takes deliveries for one lane and has them sent, as many at a time as it has places. */
function createTaker(
  { failing, slots, perSubscription }: (typeof lanes)[number],
  options: {
    queue: DeliveryQueue;
    timing: DeliveryTiming;
    deliver(hold: Hold): Promise<void>;
  },
) {
  const { queue, timing, deliver } = options;
  const holder = randomUUID();
  const underWay = new Set<Promise<void>>();
  const inHand = new Map<string, number>();
  let after: string | undefined;

  function count(subscriptionId: string, change: 1 | -1): void {
    const now = (inHand.get(subscriptionId) ?? 0) + change;
    if (now === 0) inHand.delete(subscriptionId);
    else inHand.set(subscriptionId, now);
  }

  function begin(delivery: ClaimedDelivery, onEnd: () => void): void {
    count(delivery.subscriptionId, 1);
    const work = deliver({ holder, delivery }).finally(() => {
      count(delivery.subscriptionId, -1);
      underWay.delete(work);
      onEnd();
    });
    underWay.add(work);
  }

  return {
    async take(onEnd: () => void): Promise<void> {
      for (;;) {
        const free = slots - underWay.size;
        if (free === 0) return;
        const ask = { holder, holdMs: timing.holdMs, failing, perSubscription, inHand };
        const wasAmid = after !== undefined;
        const { deliveries, next } = await queue.claim({ ...ask, slots: free, after });
        after = next;
        for (const delivery of deliveries) begin(delivery, onEnd);
        // A turn that began amid the subscriptions has not seen those before.
        if (next !== undefined || !wasAmid) return;
      }
    },
    async drain(): Promise<void> {
      await Promise.all(underWay);
    },
  };
}

/** Sends a delivery and writes down what came of it; never throws. */
function createDeliver(options: DeliverySenderOptions, timing: DeliveryTiming) {
  const { queue, sealer, userAgent, count, log, random = Math.random } = options;
  const { allowedPrivate, resolve } = options;
  const client = createWebhookClient({ allowedPrivate, timeoutMs: timing.timeoutMs, resolve });

  function toFailure(delivery: ClaimedDelivery, result: AttemptResult): DeliveryOutcome["failure"] {
    if (result.attempt.error === null) return undefined;
    const { delaysMs } = timing;
    const { retryAfterMs, isGone } = result;
    const ask = { delaysMs, retryAfterMs, random };
    const nextInMs = isGone ? undefined : nextDelayMs(delivery.attemptCount + 1, ask);
    return { nextInMs, isGone };
  }

  async function run({ holder, delivery }: Hold): Promise<void> {
    const { id: deliveryId, projectId, subscriptionId } = delivery;
    const facts = { deliveryId, projectId, subscriptionId };
    try {
      const result = await attemptDelivery(delivery, { client, sealer, userAgent });
      const failure = toFailure(delivery, result);
      const attempts = keepLast(delivery.attempts, result.attempt);
      const { disableAfterMs } = timing;
      const disabled = await queue.record({ holder, delivery, attempts, failure, disableAfterMs });
      count(countOf(failure));
      if (disabled === undefined) return;
      log.warn({ ...facts, reason: disabled }, disabledWords[disabled]);
    } catch (err) {
      log.warn({ ...facts, err }, "What came of a delivery is not written down; it is sent again");
    }
  }
  return { run, close: () => client.close() };
}

function keepLast(attempts: readonly DeliveryAttempt[], last: DeliveryAttempt) {
  return [...attempts, last].slice(-maxAttempts);
}

function countOf(failure: DeliveryOutcome["failure"]): DeliveryCount {
  if (failure === undefined) return "delivered";
  return failure.nextInMs === undefined ? "failed" : "retried";
}

const disabledWords = {
  requested: "A subscription was disabled",
  gone: "A subscription was disabled: its receiver answered 410 Gone",
  failing: "A subscription was disabled: nothing was delivered for too long",
} as const;
