import {
  compileValue,
  InvalidScheduleError,
  isTimeZone,
  nextTime,
  resolveValue,
  TemplateError,
  type Trigger,
} from "@tenon/workflow";
import type { WorkflowUser } from "./enrollments.ts";
import { userScope } from "./user-scope.ts";

type ScheduledUser = Pick<WorkflowUser, "externalId" | "meta">;

/** When a workflow runs next for a user. */
export interface Schedule {
  cron: string;
  timeZone: string;
  nextAt: Date;
}

/**
 * The schedule a trigger has for a user; undefined where it has none, or it never comes again.
 *
 * @param known keeps what was found for one `now`: most users are in a few zones.
 */
export function scheduleOf(
  trigger: Trigger,
  user: ScheduledUser,
  { now, known = new Map() }: { now: Date; known?: KnownSchedules | undefined },
): Schedule | undefined {
  if (trigger.type !== "schedule") return undefined;
  const { cron } = trigger;
  const named = namedZoneOf(trigger.timeZone, user);
  const key = JSON.stringify([cron, named]);
  const found = known.get(key);
  if (found !== undefined) return found.schedule;
  const timeZone = toZone(named);
  const nextAt = nextOf({ cron, timeZone }, now);
  const schedule = nextAt && { cron, timeZone, nextAt };
  known.set(key, { schedule });
  return schedule;
}

/** Schedules by cron and named zone, all for the same moment. */
export type KnownSchedules = Map<string, { schedule: Schedule | undefined }>;

/** The zone a user's schedule is in: UTC where their metadata has none that exists. */
export function zoneOf(timeZone: string, user: ScheduledUser): string {
  return toZone(namedZoneOf(timeZone, user));
}

function namedZoneOf(timeZone: string, user: ScheduledUser): unknown {
  try {
    return resolveValue(compileValue(timeZone), userScope(user));
  } catch (cause) {
    if (cause instanceof TemplateError) return undefined;
    throw cause;
  }
}

function toZone(named: unknown): string {
  return typeof named === "string" && isTimeZone(named) ? named : "UTC";
}

/** The first time after `after`; undefined where there is none, or the expression is none. */
export function nextOf(of: Omit<Schedule, "nextAt">, after: Date): Date | undefined {
  try {
    return nextTime(of.cron, of.timeZone, after);
  } catch (cause) {
    if (cause instanceof InvalidScheduleError) return undefined;
    throw cause;
  }
}

/** What is not rarer than this is found without looking back any further. */
const denseMs = 61_000;

/**
 * The time for which a schedule that is due fires: the newest one that has come, so that one that
 * was held up fires once; undefined where even that is longer ago than `graceMs`.
 */
export function newestDue(schedule: Schedule, now: Date, graceMs: number): Date | undefined {
  const { nextAt } = schedule;
  for (const backMs of [Math.min(denseMs, graceMs), graceMs]) {
    const from = new Date(now.getTime() - backMs);
    let newest = nextAt >= from ? nextAt : undefined;
    let time = nextOf(schedule, newest ?? new Date(from.getTime() - 1));
    while (time !== undefined && time <= now) {
      newest = time;
      time = nextOf(schedule, time);
    }
    if (newest !== undefined) return newest;
  }
  return undefined;
}
