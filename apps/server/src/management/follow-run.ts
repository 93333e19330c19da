import { setTimeout as sleep } from "node:timers/promises";
import type { RunHistory, RunSummary } from "@tenon/runtime";
import type { EventStream } from "../http/event-stream.ts";
import { isOver, toRun, toStepRun } from "./present-run.ts";

const pauseMs = 400;

/**
 * Sends a run and its steps as they change, until the run is over.
 *
 * - What changed is read, not told: the run may be worked on by any process.
 * - An event says how things are, so one that comes twice after a reconnect does no harm; what
 *   changed at or after `since` is sent.
 * - Reading takes at most a fifth of the time, however large the run is.
 */
export async function followRun(
  history: RunHistory,
  run: Pick<RunSummary, "projectId" | "id">,
  { stream, since }: { stream: EventStream; since: Date },
): Promise<void> {
  const sent = new Map<string, number>();
  const isNew = (key: string, at: Date) => {
    if (at < since || sent.get(key) === at.getTime()) return false;
    sent.set(key, at.getTime());
    return true;
  };
  while (!stream.signal.aborted) {
    const startedAt = performance.now();
    // The run is read first: where it is over, no step changes after it.
    const now = await history.get(run.projectId, run.id);
    const steps = now ? await history.steps(run.projectId, run.id) : [];
    for (const step of steps) {
      const key = `${step.stepId} ${step.instance.join(",")} ${step.status}`;
      if (!isNew(key, step.updatedAt)) continue;
      stream.send({ name: "step", id: step.updatedAt.toISOString(), data: toStepRun(step) });
    }
    if (!now || isOver(now.status)) {
      if (now) stream.send({ name: "end", id: `end ${now.id}`, data: toRun(now) });
      stream.close();
      return;
    }
    if (isNew(`run ${now.status}`, now.updatedAt)) {
      stream.send({ name: "run", id: now.updatedAt.toISOString(), data: toRun(now) });
    }
    const waitMs = Math.max(pauseMs, 4 * (performance.now() - startedAt));
    await sleep(waitMs, undefined, { signal: stream.signal }).catch(() => {});
  }
}
