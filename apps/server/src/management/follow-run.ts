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
 * - Events come in the order of what they tell. That a run is worked on precedes what its steps do
 *   then; that it waits or rests comes after what led to it. An event's id is when that was: after a
 *   reconnect nothing that is newer has been sent.
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
    const { now, steps } = await readConsistently(history, run);
    const changed = steps
      .filter((step) =>
        isNew(`${step.stepId} ${step.instance.join(",")} ${step.status}`, step.updatedAt),
      )
      .toSorted((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
      .map((step) => ({ name: "step", at: step.updatedAt, data: toStepRun(step) }));
    const isTold = now && !isOver(now.status) && isNew(`run ${now.status}`, now.updatedAt);
    for (const { at, ...event } of isTold ? withRun(changed, now) : changed) {
      stream.send({ ...event, id: at.toISOString() });
    }
    if (!now || isOver(now.status)) {
      if (now) stream.send({ name: "end", id: `end ${now.id}`, data: toRun(now) });
      stream.close();
      return;
    }
    const waitMs = Math.max(pauseMs, 4 * (performance.now() - startedAt));
    await sleep(waitMs, undefined, { signal: stream.signal }).catch(() => {});
  }
}

interface Told {
  name: string;
  at: Date;
  data: unknown;
}

function withRun(steps: readonly Told[], run: RunSummary): Told[] {
  const told = { name: "run", data: toRun(run) };
  const earlier = (steps[0]?.at ?? run.updatedAt) < run.updatedAt ? steps[0]?.at : undefined;
  if (run.status === "running") return [{ ...told, at: earlier ?? run.updatedAt }, ...steps];
  const last = steps.at(-1)?.at ?? run.updatedAt;
  return [...steps, { ...told, at: last > run.updatedAt ? last : run.updatedAt }];
}

/** The run is read first: where it is over, no step changes after it. */
async function readConsistently(
  history: RunHistory,
  { projectId, id }: Pick<RunSummary, "projectId" | "id">,
) {
  for (;;) {
    const now = await history.get(projectId, id);
    const steps = now ? await history.steps(projectId, id) : [];
    if (!now || now.status === "running" || isOver(now.status)) return { now, steps };
    // It may have been taken up while its steps were read: they would come before it.
    const after = await history.get(projectId, id);
    if (after?.status === now.status) return { now, steps };
  }
}
