import type { InboxOutcome } from "@tenon/triggers";
import { Counter, type Registry } from "prom-client";

const outcomes: readonly InboxOutcome[] = [
  "routed",
  "unwatched",
  "no_listener",
  "no_connection",
  "repeated",
  "refused",
  "handshake",
];

/** What is counted of providers' webhooks: what each request to this process came to. */
export interface WebhookMetrics {
  count(outcome: InboxOutcome): void;
}

export function createWebhookMetrics(registry: Registry): WebhookMetrics {
  const events = new Counter({
    name: "tenon_webhook_events_total",
    help: "Requests from providers to webhooks of this process, by what they came to.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  // Rates of what has not happened yet are zero, not absent; and no label is looked up per event.
  const children = Object.fromEntries(
    outcomes.map((outcome) => [outcome, events.labels(outcome)]),
  ) as Record<InboxOutcome, Counter.Internal>;
  for (const child of Object.values(children)) child.inc(0);
  return { count: (outcome) => children[outcome].inc() };
}
