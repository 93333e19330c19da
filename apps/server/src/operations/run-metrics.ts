import type { RunQueue } from "@tenon/postgres";
import type { RunError, RunStatus, RunStore } from "@tenon/runtime";
import { Counter, Gauge, type Registry } from "prom-client";

/** What is counted of the runs that this process has to do with. */
export interface RunMetrics {
  /** The same store, with what the engine does in it counted. */
  counting(store: RunStore): RunStore;
  /** To be called once: from now on the gauges tell how things are when they are asked. */
  observe(sources: { queue: RunQueue; underWay(): number; onFailure(error: unknown): void }): void;
}

const finalStatuses = ["succeeded", "failed", "cancelled"] as const;

/**
 * Metrics of runs, read off what the engine writes: no run waits for them.
 *
 * - A write counts when it is committed, and once: what another process has taken over is counted
 *   there.
 * - The queue is that of all processes. It is read when the metrics are; while the database is away
 *   its two gauges have no value.
 */
export function createRunMetrics(registry: Registry): RunMetrics {
  const registers = [registry];
  const started = new Counter({
    name: "tenon_runs_started_total",
    help: "Runs that this process created.",
    registers,
  });
  const ended = new Counter({
    name: "tenon_runs_ended_total",
    help: "Runs that ended in this process, by status; without those cancelled while nobody worked on them.",
    labelNames: ["status"],
    registers,
  });
  const failed = new Counter({
    name: "tenon_step_failures_total",
    help: "Steps that failed for good in this process, by code.",
    labelNames: ["code"],
    registers,
  });
  // Rates of what has not happened yet are zero, not absent.
  for (const status of finalStatuses) ended.inc({ status }, 0);

  function countWritten({ steps, end }: Parameters<RunStore["write"]>[1]): void {
    for (const { status, error } of steps) {
      if (status === "failed") failed.inc({ code: codeOf(error) });
    }
    if (end !== undefined && isFinal(end.status)) ended.inc({ status: end.status });
  }

  return {
    counting: (store) => ({
      ...store,
      async create(run, worker) {
        const created = await store.create(run, worker);
        if (created.kind !== "exists") started.inc();
        return created;
      },
      async write(workerId, entry) {
        const control = await store.write(workerId, entry);
        countWritten(entry);
        return control;
      },
    }),

    observe: (sources) => observeRuns(registry, sources),
  };
}

function observeRuns(
  registry: Registry,
  { queue, underWay, onFailure }: Parameters<RunMetrics["observe"]>[0],
): void {
  // Two gauges are read at the same time: one query serves both.
  let reading: ReturnType<typeof readOnce> | undefined;
  const readOnce = () =>
    queue
      .read()
      .catch((error: unknown) => {
        onFailure(error);
        return undefined;
      })
      .finally(() => (reading = undefined));
  const read = () => (reading ??= readOnce());

  const gauges = [
    new Gauge({
      name: "tenon_runs_under_way",
      help: "Runs that this process works on now.",
      registers: [],
      collect() {
        this.set(underWay());
      },
    }),
    new Gauge({
      name: "tenon_runs_queued",
      help: "Runs in the queue of all processes.",
      registers: [],
      async collect() {
        setOrRemove(this, (await read())?.count);
      },
    }),
    new Gauge({
      name: "tenon_runs_queued_oldest_seconds",
      help: "How long the run that has been queued longest has been, of all processes; 0 without any.",
      registers: [],
      async collect() {
        setOrRemove(this, (await read())?.oldestAgeS);
      },
    }),
  ];
  for (const gauge of gauges) registry.registerMetric(gauge);
}

function setOrRemove(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

function isFinal(status: RunStatus): boolean {
  return finalStatuses.some((one) => one === status);
}

function codeOf(error: RunError | undefined): string {
  return error?.code ?? "unknown";
}
