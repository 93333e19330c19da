import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "@tenon/connections";
import type { Engine } from "../engine/engine.ts";
import { isRunnable, refuseRun, type RunnableWorkflow } from "./admit.ts";
import type { Directory, DirectoryView } from "./directory.ts";
import { newRun } from "./new-run.ts";
import { newestDue, nextOf, zoneOf } from "./schedule-of.ts";
import type { DueSchedule, ScheduleOutcome, ScheduleStore } from "./schedule-store.ts";
import { stateOf } from "./workflow-states.ts";

/** Starts runs when their time comes. */
export interface Scheduler {
  /** Starts all that is due; answers how many schedules it moved on. */
  tick(): Promise<number>;
  /** Ticks each second until it is closed. */
  start(): void;
  close(): Promise<void>;
}

/** A time that was missed for longer is not made up for. */
const graceMs = 60 * 60_000;
const tickMs = 1_000;
const batchSize = 100;

/**
 * Creates the scheduler, of which each process that works on runs has one.
 *
 * - A schedule is moved on after its run is durable: who dies in between leaves it due, and the next
 *   finds the run there, for its id is made of the time it is due at.
 * - Of all times missed while no process was there, the newest fires, if it is not an hour ago.
 * - Times are compared with the database's clock: a process whose own clock jumps fires nothing.
 */
export function createScheduler(options: {
  schedules: ScheduleStore;
  directory: Directory;
  engine: Engine;
  log: Log;
}): Scheduler {
  const { schedules, directory, engine, log } = options;
  const closing = new AbortController();
  let running: Promise<void> | undefined;

  /** The workflow and its project, if a schedule is still theirs. */
  async function find(due: DueSchedule) {
    const { projectId } = due.user;
    const held = await directory.get(projectId);
    // Nothing is ended on what is only held: a deploy may not have been told yet.
    const view = findScheduled(held, due) ? held : await directory.reload(projectId);
    const workflow = findScheduled(view, due);
    return workflow && { view, workflow };
  }

  async function fireOne(due: DueSchedule, now: Date): Promise<ScheduleOutcome> {
    const found = await find(due);
    if (found === undefined) return { kind: "ended" };
    const { view, workflow } = found;
    const dueAt = newestDue(due, now, graceMs);
    if (dueAt !== undefined && refuseRun(view, workflow, due) === undefined) {
      await engine.start(scheduledRun(workflow, due, dueAt));
    }
    // The zone is read anew each time: the user's metadata may have changed.
    const timeZone = zoneOf(workflow.trigger.timeZone, due.user);
    const nextAt = nextOf({ cron: due.cron, timeZone }, now);
    return nextAt === undefined ? { kind: "ended" } : { kind: "next", nextAt, timeZone };
  }

  function fire(due: readonly DueSchedule[], now: Date): Promise<ScheduleOutcome[]> {
    return Promise.all(
      due.map((one) =>
        fireOne(one, now).catch((err: unknown): ScheduleOutcome => {
          const { workflowId, configuration } = one;
          const facts = { err, workflowId, configurationId: configuration.id };
          log.warn(facts, "A scheduled run is started with the next tick");
          return { kind: "again" };
        }),
      ),
    );
  }

  async function run(): Promise<void> {
    const { signal } = closing;
    while (!signal.aborted) {
      const fired = await schedules.fireDue(batchSize, fire).catch((err: unknown) => {
        log.warn({ err }, "Schedules wait for the next tick");
        return 0;
      });
      if (fired >= batchSize) continue;
      const untilNextMs = tickMs - (Date.now() % tickMs);
      await delay(untilNextMs, undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    tick: () => schedules.fireDue(batchSize, fire),
    start() {
      running ??= run();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

type ScheduledWorkflow = RunnableWorkflow & {
  trigger: Extract<RunnableWorkflow["trigger"], { type: "schedule" }>;
};

function findScheduled(view: DirectoryView, due: DueSchedule): ScheduledWorkflow | undefined {
  const workflow = view.workflows.get(due.workflowId);
  if (workflow === undefined || !isRunnable(workflow)) return undefined;
  const { trigger } = workflow;
  const isEnabled = stateOf(due.configuration.workflowSettings, workflow.id).enabled;
  return trigger.type === "schedule" && isEnabled ? { ...workflow, trigger } : undefined;
}

function scheduledRun(workflow: RunnableWorkflow, due: DueSchedule, dueAt: Date) {
  return newRun(due, {
    workflowId: workflow.id,
    versionId: workflow.deployed.versionId,
    triggerType: "schedule",
    input: { scheduledFor: dueAt.toISOString() },
    key: dueAt.toISOString(),
  });
}
