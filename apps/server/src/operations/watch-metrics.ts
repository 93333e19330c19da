import { Counter, Histogram, type Registry } from "prom-client";

/** What the metrics tell of watched accounts. */
export interface WatchMetrics {
  countPoll(polled: { failed: boolean; durationMs: number }): void;
  /** @param lateMs from when it happened, by the provider's clock, until it was found. */
  countChange(change: { cause: "webhook" | "poll"; lateMs: number }): void;
}

export function createWatchMetrics(registry: Registry): WatchMetrics {
  const registers = [registry];
  const polls = new Counter({
    name: "tenon_polls_total",
    help: "Polls of connected accounts for changes",
    labelNames: ["outcome"],
    registers,
  });
  const duration = new Histogram({
    name: "tenon_poll_duration_seconds",
    help: "How long polls of connected accounts took",
    buckets: [0.05, 0.2, 0.5, 1, 2, 5, 15, 60],
    registers,
  });
  const changes = new Counter({
    name: "tenon_changes_total",
    help: "Changes found in connected accounts, by what told of them",
    labelNames: ["cause"],
    registers,
  });
  const lag = new Histogram({
    name: "tenon_change_lag_seconds",
    help: "From a change at the provider, in its precision, until it was found",
    buckets: [0.1, 0.5, 1, 2, 5, 15, 60, 120, 300, 900, 3_600],
    labelNames: ["cause"],
    registers,
  });
  return {
    countPoll({ failed, durationMs }) {
      polls.inc({ outcome: failed ? "failed" : "done" });
      duration.observe(durationMs / 1000);
    },
    countChange({ cause, lateMs }) {
      changes.inc({ cause });
      lag.observe({ cause }, Math.max(0, lateMs) / 1000);
    },
  };
}
