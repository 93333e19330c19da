import { isDate, toText, type Value } from "./values.ts";
import type { DateValue } from "../rich-text/rich-text.ts";

const dayMs = 86_400_000;
const fixedUnits: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: dayMs,
  weeks: 7 * dayMs,
};
const monthUnits: Readonly<Record<string, number>> = { months: 1, quarters: 3, years: 12 };

/** A moment as a date with a time. */
export function fromTime(time: number): DateValue {
  const start = new Date(time).toISOString().replace("Z", "+00:00");
  return { start, end: null, time_zone: null };
}

export function fromDay(time: number): DateValue {
  return { start: new Date(time).toISOString().slice(0, 10), end: null, time_zone: null };
}

function keepKind(like: DateValue, time: number): DateValue {
  return like.start.length === 10 ? fromDay(time) : fromTime(time);
}

export function shift(value: Value, amount: number, unit: string): Value {
  if (!isDate(value)) return null;
  const time = Date.parse(value.start);
  const name = plural(unit);
  const fixed = fixedUnits[name];
  if (fixed !== undefined) return keepKind(value, time + amount * fixed);
  return keepKind(value, addMonths(time, amount * (monthUnits[name] ?? 0)));
}

/** Whole units from the second date to the first. */
export function between(a: Value, b: Value, unit: string): Value {
  if (!isDate(a) || !isDate(b)) return null;
  const [end, start] = [Date.parse(a.start), Date.parse(b.start)];
  const name = plural(unit);
  const fixed = fixedUnits[name];
  if (fixed !== undefined) return Math.trunc((end - start) / fixed);
  return Math.trunc(monthsBetween(start, end) / (monthUnits[name] ?? 1));
}

function plural(unit: string): string {
  return unit.endsWith("s") ? unit : `${unit}s`;
}

function monthsBetween(start: number, end: number): number {
  if (end < start) return -monthsBetween(end, start);
  const [a, b] = [new Date(start), new Date(end)];
  const months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  return addMonths(start, months) > end ? months - 1 : months;
}

function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** Parts of a date; weeks count from Monday, as day numbers do. */
export function part(value: Value, name: string): Value {
  if (!isDate(value)) return null;
  const date = new Date(Date.parse(value.start));
  switch (name) {
    case "minute":
      return date.getUTCMinutes();
    case "hour":
      return date.getUTCHours();
    case "day":
      return ((date.getUTCDay() + 6) % 7) + 1;
    case "date":
      return date.getUTCDate();
    case "week":
      return weekOf(date);
    case "month":
      return date.getUTCMonth() + 1;
    case "year":
      return date.getUTCFullYear();
    case "timestamp":
      return date.getTime();
    default:
      return null;
  }
}

function weekOf(date: Date): number {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (((date.getUTCDay() + 6) % 7) + 1));
  const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.ceil(((thursday.getTime() - firstDay) / dayMs + 1) / 7);
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** A date in a pattern of letters, such as "MMMM D, YYYY"; text in brackets stays. */
export function format(value: Value, pattern: Value): Value {
  if (!isDate(value)) return "";
  const date = new Date(Date.parse(value.start));
  const named = (options: Intl.DateTimeFormatOptions): string =>
    date.toLocaleString("en", { ...options, timeZone: "UTC" });
  const hours = date.getUTCHours();
  const parts: Record<string, () => string> = {
    YYYY: () => String(date.getUTCFullYear()),
    YY: () => String(date.getUTCFullYear()).slice(2),
    Y: () => String(date.getUTCFullYear()),
    MMMM: () => named({ month: "long" }),
    MMM: () => named({ month: "short" }),
    MM: () => pad(date.getUTCMonth() + 1),
    M: () => String(date.getUTCMonth() + 1),
    DD: () => pad(date.getUTCDate()),
    D: () => String(date.getUTCDate()),
    dddd: () => named({ weekday: "long" }),
    ddd: () => named({ weekday: "short" }),
    d: () => String(date.getUTCDay()),
    WW: () => pad(weekOf(date)),
    W: () => String(weekOf(date)),
    HH: () => pad(hours),
    H: () => String(hours),
    hh: () => pad(hours % 12 || 12),
    h: () => String(hours % 12 || 12),
    mm: () => pad(date.getUTCMinutes()),
    m: () => String(date.getUTCMinutes()),
    ss: () => pad(date.getUTCSeconds()),
    A: () => (hours < 12 ? "AM" : "PM"),
    a: () => (hours < 12 ? "am" : "pm"),
  };
  const letters = /\[([^\]]*)\]|Y{1,4}|M{1,4}|D{1,2}|d{1,4}|W{1,2}|H{1,2}|h{1,2}|m{1,2}|ss|A|a/g;
  return toText(pattern).replaceAll(
    letters,
    (found, kept: string | undefined) => kept ?? parts[found]?.() ?? found,
  );
}
