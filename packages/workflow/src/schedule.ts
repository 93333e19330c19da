import { Cron } from "croner";

/** A cron expression or time zone that cannot be used. */
export class InvalidScheduleError extends Error {
  override readonly name = "InvalidScheduleError";
}

/** No expression that people write is longer. */
const maxLength = 200;

/** From when it is looked whether an expression ever comes; any day does. */
const someDay = new Date("2024-01-01T00:00:00Z");

/**
 * The first time after `after` at which a schedule fires; undefined if there is none.
 *
 * Five fields, or six with seconds first: `*`, lists, ranges, steps, names of months and days, `L`,
 * `W` and `#`. Where day of month and day of week are both restricted, either is enough.
 *
 * When clocks change in the zone:
 *
 * - A time of day (no `*`, `?` or step in seconds, minutes and hours) that is skipped comes right
 *   after the gap, once; one that occurs twice comes at the first of the two.
 * - An interval goes on in real time: through both passes of an hour that is repeated, and over one
 *   that is skipped.
 *
 * @throws InvalidScheduleError for an invalid expression or zone.
 */
export function nextTime(cron: string, timeZone: string, after: Date): Date | undefined {
  const fault = checkFields(cron);
  if (fault !== undefined) throw new InvalidScheduleError(fault);
  if (!isTimeZone(timeZone)) {
    throw new InvalidScheduleError(
      `${JSON.stringify(timeZone)} is not an IANA time zone, such as Europe/Berlin.`,
    );
  }
  if (!isUsableDate(after)) return undefined;
  return parseCron(cron, timeZone).nextRun(after) ?? undefined;
}

/** What is wrong with an expression, as a sentence; undefined if nothing is. */
export function checkCron(cron: string): string | undefined {
  const fault = checkFields(cron);
  if (fault !== undefined) return fault;
  if (nextTime(cron, "UTC", someDay) !== undefined) return undefined;
  return `"${cron}" never comes: no month it names has such a day.`;
}

/** Whether a name is a time zone of the IANA database, such as `Europe/Berlin` or `UTC`. */
export function isTimeZone(name: string): boolean {
  // Offsets such as +02:00 are zones for Intl, but have no rules and are not in the database.
  if (!/^[A-Za-z][\w+/-]{0,99}$/.test(name)) return false;
  try {
    Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return true;
  } catch {
    return false;
  }
}

function checkFields(cron: string): string | undefined {
  if (cron.length > maxLength) return `A cron expression has at most ${maxLength} characters.`;
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5 && fields.length !== 6) {
    const shown = cron.trim() === "" ? "It is empty" : `"${cron}" has ${fields.length}`;
    return `A cron expression has 5 fields, or 6 with seconds first. ${shown}.`;
  }
  try {
    parseCron(cron, "UTC");
    return undefined;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, "") : "";
    return `"${cron}" is not a cron expression: ${reason}`;
  }
}

function parseCron(cron: string, timeZone: string): Cron {
  return new Cron(cron.trim(), {
    timezone: timeZone,
    paused: true,
    mode: "5-or-6-parts",
    fixedTimeRule: "no-wildcard",
  });
}

/** Dates within a day of the end of time cannot be put into every zone. */
function isUsableDate(date: Date): boolean {
  return Math.abs(date.getTime()) < 8.64e15 - 864e5;
}
