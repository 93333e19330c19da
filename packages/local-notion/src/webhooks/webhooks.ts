import type { Clock } from "../clock.ts";
import type { Changes } from "../control/changes.ts";
import { createRandom, type Random } from "../faults/random.ts";
import type { Schedule } from "../schedule.ts";
import type { Settings } from "../settings.ts";
import type { Pause, PostResult, Subscription } from "../store/records.ts";
import type { Committed, Store } from "../store/store.ts";
import { toEnvelope, type Envelope } from "./envelope.ts";
import type { Happening } from "./event.ts";
import { findHappenings } from "./find-happenings.ts";
import { isImmediate, mergeHappenings } from "./merge-happenings.ts";
import { postSigned } from "./post-event.ts";

export interface Delivery {
  subscriptionId: string;
  event: Envelope;
  attempts: (PostResult & { time: string })[];
  state: "waiting" | "delivered" | "failed" | "lost";
}

const mostAttempts = 8;
const kept = 500;

interface Parts {
  settings: Settings;
  clock: Clock;
  schedule: Schedule;
  changes: Changes;
}

/**
 * Tells subscribers what happens.
 *
 * - Events of one thing are merged in a window and sent when it ends; comments, uploads and locks
 *   are sent at once.
 * - A delivery that is not answered with 2xx is tried again, eight times in all, each time waiting
 *   twice as long. Attempts of one event carry the same id.
 * - What waits is in memory only: events that were not sent when the process ends are lost, as
 *   Notion promises no more than one delivery either.
 * - A subscription whose events keep failing is paused, and says why.
 */
export class Webhooks {
  readonly #store: Store;
  readonly #parts: Parts;
  readonly #random: Random = createRandom(1);
  readonly #failures = new Map<string, number>();
  readonly #listeners = new Set<(delivery: Delivery) => void>();
  #pending: Happening[] = [];
  #cancelWindow: (() => void) | undefined;
  #deliveries: Delivery[] = [];

  constructor(store: Store, parts: Parts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** The last deliveries, the newest last. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries.slice(-kept);
  }

  /** Calls the listener with each delivery that begins or goes on, until it is called itself. */
  onDelivery(listener: (delivery: Delivery) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  take(changes: readonly Committed[]): void {
    if (this.#active().length === 0) return;
    const { clock, schedule, settings } = this.#parts;
    const found = findHappenings(changes, this.#store, clock.now());
    this.#send(found.filter(isImmediate));
    this.#pending.push(...found.filter((one) => !isImmediate(one)));
    if (this.#pending.length === 0 || this.#cancelWindow) return;
    const end = clock.now() + settings.webhooks.aggregationMs;
    this.#cancelWindow = schedule.at(end, () => this.flush());
  }

  /** Ends the window now and sends what has come together. */
  flush(): void {
    this.#cancelWindow?.();
    this.#cancelWindow = undefined;
    this.#send(mergeHappenings(this.#pending.splice(0)));
  }

  /**
   * Sends a subscription the token that its owner has to give back, and keeps how that went: it is
   * known by then whether the address can be reached at all.
   */
  async sendToken({ id, url, verificationToken }: Subscription): Promise<void> {
    const body = JSON.stringify({ verification_token: verificationToken });
    const result = await postSigned(url, body, verificationToken);
    // Deleted or verified meanwhile, perhaps by the address itself on getting the token.
    const now = this.#store.get("subscriptions", id);
    if (now) this.#change({ ...now, tokenDelivery: { ...result, time: this.#time() } });
  }

  /** Drops what waits and what was sent. */
  forget(): void {
    this.#cancelWindow?.();
    this.#cancelWindow = undefined;
    this.#pending = [];
    this.#deliveries = [];
    this.#failures.clear();
  }

  #active(): Subscription[] {
    return [...this.#store.all("subscriptions")].filter(({ status }) => status === "active");
  }

  #send(happenings: Happening[]): void {
    const { shuffle } = this.#parts.settings.webhooks;
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
    const { loss, doubling } = this.#parts.settings.webhooks;
    const isLost = this.#random() < loss;
    const delivery: Delivery = {
      subscriptionId: subscription.id,
      event,
      attempts: [],
      state: isLost ? "lost" : "waiting",
    };
    this.#deliveries = [...this.#deliveries.slice(-kept), delivery];
    this.#tell(delivery);
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
    delivery.attempts.push({ ...result, time: this.#time() });
    if (result.status !== null && result.status >= 200 && result.status < 300) {
      delivery.state = "delivered";
      this.#failures.delete(subscription.id);
    } else if (number < mostAttempts) {
      this.#tryLater(delivery, number);
    } else {
      delivery.state = "failed";
      this.#countFailure(subscription.id, result);
    }
    this.#tell(delivery);
  }

  #tryLater(delivery: Delivery, number: number): void {
    const { clock, schedule, settings } = this.#parts;
    const waitMs = settings.webhooks.retryBaseMs * 2 ** (number - 1);
    schedule.at(clock.now() + waitMs, () => void this.#attempt(delivery));
  }

  #countFailure(subscriptionId: string, lastAnswer: PostResult): void {
    const failures = (this.#failures.get(subscriptionId) ?? 0) + 1;
    this.#failures.set(subscriptionId, failures);
    if (failures < this.#parts.settings.webhooks.pauseAfterFailures) return;
    this.#failures.delete(subscriptionId);
    const subscription = this.#store.get("subscriptions", subscriptionId);
    if (subscription?.status !== "active") return;
    const pause: Pause = { reason: "failures", time: this.#time(), failures, lastAnswer };
    this.#change({ ...subscription, status: "paused", pause });
  }

  #change(subscription: Subscription): void {
    this.#store.put("subscriptions", subscription);
    this.#parts.changes.tell(this.#store.commit());
  }

  #tell(delivery: Delivery): void {
    for (const listener of this.#listeners) listener(delivery);
  }

  #time(): string {
    return new Date(this.#parts.clock.now()).toISOString();
  }
}
