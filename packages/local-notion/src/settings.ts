import { object } from "./validate/composites.ts";
import { nullable, number, oneOf, optional } from "./validate/scalars.ts";
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
}

/** Notion's published limit. */
export const publishedRateLimit = { requests: 180, windowMs: 60_000 };

export const defaultSettings: Settings = {
  rateLimit: publishedRateLimit,
  oauthErrors: "both",
  searchLagMs: 0,
  clockOffsetMs: 0,
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
});

export function changeSettings(settings: Settings, change: Infer<typeof settingsChange>): void {
  Object.assign(settings, change);
}
