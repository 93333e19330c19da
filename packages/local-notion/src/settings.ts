import { object } from "./validate/composites.ts";
import { boolean, nullable, number, oneOf, optional } from "./validate/scalars.ts";
import type { Infer } from "./validate/schema.ts";

/** What can be changed while Local Notion runs, over `/_local/settings`. */
export interface Settings {
  /** Requests a connection may make in a window; null for no limit. */
  rateLimit: { requests: number; windowMs: number } | null;
  /** Form of OAuth errors: both seen in the wild at once, or one of them alone. */
  oauthErrors: "both" | "rfc6749" | "notion";
  /** Time until a change can be found by search. */
  searchLagMs: number;
  /** Added to the machine's clock. */
  clockOffsetMs: number;
  /** Whether `users` tells `email_verified` of people, as newer recorded answers do. */
  emailVerified: boolean;
  webhooks: WebhookSettings;
}

export interface WebhookSettings {
  /** Time in which events of one thing are merged before they are sent. */
  aggregationMs: number;
  /** Wait before the second attempt; each further one doubles it. */
  retryBaseMs: number;
  /** Events that fail one after the other before a subscription is paused. */
  pauseAfterFailures: number;
  /** Send what has come together in a random order. */
  shuffle: boolean;
  /** Chance that an event is never sent, and that it is sent twice. */
  loss: number;
  doubling: number;
}

/** Notion's published limit. */
export const publishedRateLimit = { requests: 180, windowMs: 60_000 };

export const defaultSettings: Settings = {
  rateLimit: publishedRateLimit,
  oauthErrors: "both",
  searchLagMs: 0,
  clockOffsetMs: 0,
  emailVerified: true,
  webhooks: {
    aggregationMs: 500,
    retryBaseMs: 1_000,
    pauseAfterFailures: 20,
    shuffle: false,
    loss: 0,
    doubling: 0,
  },
};

/** A request that changes settings: only what it names changes. */
export const settingsChange = object({
  rateLimit: optional(
    nullable(
      object({
        requests: number({ min: 1, integer: true }),
        windowMs: number({ min: 1, integer: true }),
      }),
    ),
  ),
  oauthErrors: optional(oneOf(["both", "rfc6749", "notion"])),
  searchLagMs: optional(number({ min: 0 })),
  clockOffsetMs: optional(number()),
  emailVerified: optional(boolean()),
  webhooks: optional(
    object({
      aggregationMs: optional(number({ min: 0 })),
      retryBaseMs: optional(number({ min: 0 })),
      pauseAfterFailures: optional(number({ min: 1, integer: true })),
      shuffle: optional(boolean()),
      loss: optional(number({ min: 0, max: 1 })),
      doubling: optional(number({ min: 0, max: 1 })),
    }),
  ),
});

export function changeSettings(settings: Settings, change: Infer<typeof settingsChange>): void {
  const { webhooks, ...rest } = change;
  Object.assign(settings, rest, { webhooks: { ...settings.webhooks, ...webhooks } });
}
