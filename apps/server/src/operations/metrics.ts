import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { createDeliveryMetrics, type DeliveryMetrics } from "./delivery-metrics.ts";
import { createRunMetrics, type RunMetrics } from "./run-metrics.ts";
import { createWatchMetrics, type WatchMetrics } from "./watch-metrics.ts";
import { createWebhookMetrics, type WebhookMetrics } from "./webhook-metrics.ts";

export interface Metrics {
  registry: Registry;
  runs: RunMetrics;
  webhooks: WebhookMetrics;
  deliveries: DeliveryMetrics;
  watches: WatchMetrics;
  /** Counts a proxied request. */
  countProxied(connectorId: string): void;
  /** Counts a request of any other route. */
  observe(route: string, status: number, seconds: number): void;
}

/** What Prometheus reads of this process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({
    register: registry,
    prefix: "tenon_",
    // By the millisecond, an idle process would wake a hundred times a second to measure its lag.
    eventLoopMonitoringPrecision: 200,
  });
  const proxied = new Counter({
    name: "tenon_proxy_requests_total",
    help: "Requests forwarded to a provider, by connector.",
    labelNames: ["connector"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "tenon_http_request_seconds",
    help: "Time to answer requests, the proxy's excepted, by route and status.",
    labelNames: ["route", "status"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  // A labelled child is looked up once, not on every request of the hot path.
  const children = new Map<string, Counter.Internal>();
  return {
    registry,
    runs: createRunMetrics(registry),
    webhooks: createWebhookMetrics(registry),
    deliveries: createDeliveryMetrics(registry),
    watches: createWatchMetrics(registry),
    countProxied(connectorId) {
      let child = children.get(connectorId);
      if (!child) {
        child = proxied.labels(connectorId);
        children.set(connectorId, child);
      }
      child.inc();
    },
    observe: (route, status, seconds) => durations.labels(route, String(status)).observe(seconds),
  };
}
