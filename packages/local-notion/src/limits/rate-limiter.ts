import type { Clock } from "../clock.ts";
import { NotionError } from "../notion-error.ts";
import type { Settings } from "../settings.ts";

interface Window {
  startTime: number;
  count: number;
}

/**
 * Counts the requests of each connection in windows of fixed length, as Notion publishes it, and
 * refuses the ones above the budget with the seconds until the next window.
 */
export class RateLimiter {
  readonly #windows = new Map<string, Window>();
  readonly #settings: Settings;
  readonly #clock: Clock;

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  take(connectionId: string): void {
    const limit = this.#settings.rateLimit;
    if (!limit) return;
    const now = this.#clock.now();
    const known = this.#windows.get(connectionId);
    const isCurrent = known && now >= known.startTime && now < known.startTime + limit.windowMs;
    const window = isCurrent ? known : { startTime: now, count: 0 };
    this.#windows.set(connectionId, window);
    window.count += 1;
    if (window.count <= limit.requests) return;
    const seconds = Math.max(1, Math.ceil((window.startTime + limit.windowMs - now) / 1_000));
    throw rateLimited(seconds);
  }

  reset(): void {
    this.#windows.clear();
  }
}

export function rateLimited(seconds: number): NotionError {
  const message = "You have been rate limited. Please try again in a few minutes.";
  return new NotionError([429, "rate_limited"], message, {
    headers: { "retry-after": String(seconds) },
    additionalData: {
      rate_limit_reason: "public_api_request_rate_limit",
      retry_after: String(seconds),
    },
  });
}
