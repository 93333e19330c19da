import type { DateValue } from "../rich-text/rich-text.ts";

const dayMs = 86_400_000;

/** Whether a date meets a condition; no date meets none of these. */
export function matchesDate(
  date: DateValue | null,
  { name, wanted, now }: { name: string; wanted: unknown; now: number },
): boolean {
  if (!date) return false;
  if (typeof wanted === "string") return compare(date, name, toPoint(wanted, now));
  const [from, to] = range(name, now);
  const day = dayOf(date.start);
  return day >= from && day <= to;
}

/** A moment, or a whole day when only a day is named. */
interface Point {
  isDay: boolean;
  time: number;
}

function toPoint(wanted: string, now: number): Point {
  const relative = relativeDay(wanted, now);
  if (relative !== undefined) return { isDay: true, time: relative };
  const isDay = wanted.length === 10;
  return { isDay, time: isDay ? dayOf(wanted) : minuteOf(wanted) };
}

function relativeDay(wanted: string, now: number): number | undefined {
  const today = startOfDay(now);
  switch (wanted) {
    case "today":
      return today;
    case "tomorrow":
      return today + dayMs;
    case "yesterday":
      return today - dayMs;
    case "one_week_ago":
      return today - 7 * dayMs;
    case "one_week_from_now":
      return today + 7 * dayMs;
    case "one_month_ago":
      return addMonths(today, -1);
    case "one_month_from_now":
      return addMonths(today, 1);
    default:
      return undefined;
  }
}

function compare(date: DateValue, name: string, point: Point): boolean {
  const start = point.isDay ? dayOf(date.start) : minuteOf(date.start);
  switch (name) {
    case "equals":
      return start === point.time;
    case "before":
      return start < point.time;
    case "after":
      return start > point.time;
    case "on_or_before":
      return start <= point.time;
    case "on_or_after":
      return start >= point.time;
    default:
      return false;
  }
}

/** First and last day of a named span of days. */
function range(name: string, now: number): [number, number] {
  const today = startOfDay(now);
  switch (name) {
    case "this_week": {
      const sunday = today - new Date(today).getUTCDay() * dayMs;
      return [sunday, sunday + 6 * dayMs];
    }
    case "past_week":
      return [today - 7 * dayMs, today];
    case "past_month":
      return [addMonths(today, -1), today];
    case "past_year":
      return [addMonths(today, -12), today];
    case "next_week":
      return [today, today + 7 * dayMs];
    case "next_month":
      return [today, addMonths(today, 1)];
    case "next_year":
      return [today, addMonths(today, 12)];
    default:
      return [Infinity, -Infinity];
  }
}

function startOfDay(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}

/** The day a date names, as written: its time zone is its writer's. */
function dayOf(text: string): number {
  return Date.parse(text.slice(0, 10));
}

function minuteOf(text: string): number {
  return Math.floor(Date.parse(text) / 60_000) * 60_000;
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
