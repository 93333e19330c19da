import type { Log } from "@tenon/connections";
import type { EndpointKey, Refusals, WebhookEndpointStore } from "./endpoint-store.ts";

const everyMs = 1_000;

/**
 * Counts what is refused, in memory, and writes the counts down about once a second: a flood costs
 * the database no more than a trickle.
 *
 * - Counts that could not be written are added to the next.
 * - What was refused in the last second before a crash is not counted.
 */
export class RefusalCounts {
  readonly #endpoints: Pick<WebhookEndpointStore, "addRefusals">;
  readonly #log: Log;
  #pending = new Map<string, Refusals>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(endpoints: Pick<WebhookEndpointStore, "addRefusals">, log: Log) {
    this.#endpoints = endpoints;
    this.#log = log;
  }

  add({ integrationId, projectId }: EndpointKey, reason: string): void {
    this.#count({ integrationId, projectId, count: 1, last: reason, lastAt: new Date() });
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write(false);
  }

  #count(refusals: Refusals): void {
    const known = this.#pending.get(refusals.integrationId);
    const latest = known && known.lastAt > refusals.lastAt ? known : refusals;
    const count = refusals.count + (known?.count ?? 0);
    this.#pending.set(refusals.integrationId, { ...latest, count });
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#writing = this.#write(true);
    }, everyMs);
    this.#timer.unref();
  }

  async #write(isRetried: boolean): Promise<void> {
    this.#timer = undefined;
    const refusals = [...this.#pending.values()];
    this.#pending = new Map();
    if (refusals.length === 0) return;
    try {
      await this.#endpoints.addRefusals(refusals);
    } catch (err) {
      this.#log.warn({ err }, "Refused webhooks could not be counted");
      if (isRetried) for (const one of refusals) this.#count(one);
    }
  }
}
