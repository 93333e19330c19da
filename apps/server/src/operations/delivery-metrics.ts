import type { DeliveryCount } from "@tenon/triggers";
import { Counter, type Registry } from "prom-client";

const outcomes: readonly DeliveryCount[] = ["delivered", "retried", "failed"];

/** What is counted of outgoing webhooks: how each attempt of this process ended. */
export interface DeliveryMetrics {
  count(outcome: DeliveryCount): void;
}

export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  const attempts = new Counter({
    name: "tenon_deliveries_total",
    help: "Attempts of this process to deliver to subscriptions: delivered, to be retried, or failed for good.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  // Rates of what has not happened yet are zero, not absent.
  for (const outcome of outcomes) attempts.inc({ outcome }, 0);
  return { count: (outcome) => attempts.inc({ outcome }) };
}
