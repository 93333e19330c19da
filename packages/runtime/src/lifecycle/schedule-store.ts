import type { Enrollee } from "./enrollment-store.ts";

/** A schedule whose time has come. */
export interface DueSchedule extends Enrollee {
  workflowId: string;
  cron: string;
  timeZone: string;
  nextAt: Date;
}

/**
 * - next: it goes on at this time, in this zone.
 * - ended: it never comes again.
 * - again: it could not be started now; it stays due.
 */
export type ScheduleOutcome =
  | { kind: "next"; nextAt: Date; timeZone: string }
  | { kind: "ended" }
  | { kind: "again" };

/** Stores when scheduled workflows run next. */
export interface ScheduleStore {
  /**
   * Gives due schedules to `fire`, oldest first, and stores what it answers for each. Answers how
   * many it moved on or ended.
   *
   * - No other process gets them meanwhile.
   * - What `fire` did stays done where storing fails: the schedule is then due again.
   * - `now` is the database's clock, which all processes share.
   */
  fireDue(
    limit: number,
    fire: (due: readonly DueSchedule[], now: Date) => Promise<readonly ScheduleOutcome[]>,
  ): Promise<number>;
}
