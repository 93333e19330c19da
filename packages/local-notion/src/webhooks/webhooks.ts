import type { Clock } from "../clock.ts";
import { createRandom, type Random } from "../faults/random.ts";
import type { Settings } from "../settings.ts";
import type { Subscription } from "../store/records.ts";
import type { Committed, Store } from "../store/store.ts";
import { toEnvelope, type Envelope } from "./envelope.ts";
import type { Happening } from "./event.ts";
import { findHappenings } from "./find-happenings.ts";
import { isImmediate, mergeHappenings } from "./merge-happenings.ts";
import { postSigned, type PostResult } from "./post-event.ts";

export interface Delivery {
  subscriptionId: string;
  event: Envelope;
  attempts: (PostResult & { time: string })[];
  state: "waiting" | "delivered" | "failed" | "lost";
}

const mostAttempts = 8;
const kept = 500;

/**
 * Tells subscribers what happens.
 *
 * - Events of one thing are merged in a window and sent when it ends; comments, uploads and locks
 *   are sent at once.
 * - A delivery that is not answered with 2xx is tried again, eight times in all, each time waiting
 *   twice as long. Attempts of one event carry the same id.
 * - What waits is in memory only: events that were not sent when the process ends are lost, as
 *   Notion promises no more than one delivery either.
 * - A subscription whose events keep failing is paused.
 */
export class Webhooks {
  readonly #store: Store;
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #random: Random = createRandom(1);
  readonly #failures = new Map<string, number>();
  #pending: Happening[] = [];
  #window: NodeJS.Timeout | undefined;
  #deliveries: Delivery[] = [];

  constructor(store: Store, { settings, clock }: { settings: Settings; clock: Clock }) {
    this.#store = store;
    this.#settings = settings;
    this.#clock = clock;
  }

  /** The last deliveries, the newest last. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries.slice(-kept);
  }

  take(changes: Committed[]): void {
    if (this.#active().length === 0) return;
    const found = findHappenings(changes, this.#store, this.#clock.now());
    this.#send(found.filter(isImmediate));
    this.#pending.push(...found.filter((one) => !isImmediate(one)));
    if (this.#pending.length === 0 || this.#window) return;
    this.#window = this.#later(this.#settings.webhooks.aggregationMs, () => this.flush());
  }

  /** Ends the window now and sends what has come together. */
  flush(): void {
    if (this.#window) this.#cancel(this.#window);
    this.#window = undefined;
    this.#send(mergeHappenings(this.#pending.splice(0)));
  }

  /** Sends a subscription the token that its owner has to give back. */
  async verify(subscription: Subscription): Promise<PostResult> {
    const body = JSON.stringify({ verification_token: subscription.verificationToken });
    return postSigned(subscription.url, body, subscription.verificationToken);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#pending = [];
  }

  #active(): Subscription[] {
    return [...this.#store.all("subscriptions")].filter(({ status }) => status === "active");
  }

  #send(happenings: Happening[]): void {
    const { shuffle } = this.#settings.webhooks;
    const ordered = shuffle ? this.#shuffled(happenings) : happenings;
    for (const subscription of this.#active()) {
      for (const happening of ordered) {
        const event = toEnvelope(this.#store, subscription, happening);
        if (event) this.#dispatch(subscription, event);
      }
    }
  }

  #shuffled(happenings: Happening[]): Happening[] {
    return happenings
      .map((happening) => ({ happening, rank: this.#random() }))
      .toSorted((a, b) => a.rank - b.rank)
      .map(({ happening }) => happening);
  }

  #dispatch(subscription: Subscription, event: Envelope): void {
    const { loss, doubling } = this.#settings.webhooks;
    const isLost = this.#random() < loss;
    const delivery: Delivery = {
      subscriptionId: subscription.id,
      event,
      attempts: [],
      state: isLost ? "lost" : "waiting",
    };
    this.#deliveries = [...this.#deliveries.slice(-kept), delivery];
    if (isLost) return;
    void this.#attempt(delivery);
    if (this.#random() < doubling) void this.#attempt(delivery);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const subscription = this.#store.get("subscriptions", delivery.subscriptionId);
    if (subscription?.status !== "active") return;
    const number = delivery.attempts.length + 1;
    const body = JSON.stringify({ ...delivery.event, attempt_number: number });
    const result = await postSigned(subscription.url, body, subscription.verificationToken);
    delivery.attempts.push({ ...result, time: new Date(this.#clock.now()).toISOString() });
    if (result.status !== null && result.status >= 200 && result.status < 300) {
      delivery.state = "delivered";
      this.#failures.delete(subscription.id);
    } else if (number < mostAttempts) {
      const wait = this.#settings.webhooks.retryBaseMs * 2 ** (number - 1);
      this.#later(wait, () => void this.#attempt(delivery));
    } else {
      delivery.state = "failed";
      this.#countFailure(subscription);
    }
  }

  #countFailure(subscription: Subscription): void {
    const count = (this.#failures.get(subscription.id) ?? 0) + 1;
    this.#failures.set(subscription.id, count);
    if (count < this.#settings.webhooks.pauseAfterFailures) return;
    this.#failures.delete(subscription.id);
    this.#store.put("subscriptions", { ...subscription, status: "paused" });
    this.#store.commit();
  }

  #later(ms: number, run: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}
