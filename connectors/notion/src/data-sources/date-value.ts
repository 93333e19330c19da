import * as z from "zod";

const isoDate =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Whether a text is a day or a moment as Notion takes it: ISO 8601, of a day that exists. */
export function isIsoDate(text: string): boolean {
  const day = isoDate.exec(text)?.groups?.["day"];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  // Date.parse lets the 30th of February pass as a day of March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

const isoText = z.string().trim().refine(isIsoDate);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const DateValue = z.object({
  start: isoText,
  end: isoText.nullish(),
  time_zone: z.string().refine(isTimeZone).nullish(),
});
export type DateValue = z.output<typeof DateValue>;

/**
 * Reads a day, a moment, a span as `start/end` (ISO 8601) or Notion's object; undefined for what is
 * none of these or ends before it begins.
 */
export function parseDateValue(value: unknown): DateValue | undefined {
  const given = typeof value === "string" ? fromText(value) : value;
  const { data } = DateValue.safeParse(given);
  if (!data) return undefined;
  const isBackwards = data.end && Date.parse(data.end) < Date.parse(data.start);
  return isBackwards ? undefined : data;
}

function fromText(text: string): { start: string; end?: string } {
  const [start = "", end, ...rest] = text.split("/");
  return end === undefined || rest.length > 0 ? { start: text } : { start, end };
}

/** A date as a plain value: its text, a span as `start/end`. Notion's texts have their offset. */
export function showDateValue(date: Pick<DateValue, "start" | "end">): string {
  return date.end ? `${date.start}/${date.end}` : date.start;
}
