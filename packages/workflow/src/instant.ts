/** Below it a number is seconds since 1970 (until the year 5138), from it on milliseconds. */
const firstMilliseconds = 100_000_000_000;

const isoDate =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;

/** The date format of HTTP headers (RFC 9110), which ECMAScript's Date.parse is bound to read. */
const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/** Milliseconds since 1970 of what a run holds as a date; undefined where it is none. */
export function readInstant(value: unknown): number | undefined {
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string" || value.length > 100) return undefined;
  const text = value.trim();
  if (/^\d{9,14}$/.test(text)) return fromNumber(Number(text));
  if (httpDate.test(text)) return valid(Date.parse(text));
  return fromIso(text);
}

function fromNumber(value: number): number | undefined {
  return valid(Math.abs(value) < firstMilliseconds ? value * 1000 : value);
}

function fromIso(text: string): number | undefined {
  const match = isoDate.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = Number(`0.${match[7] ?? 0}`) * 1000;
  const zoneHours = Number(match[10] ?? 0);
  const zoneMinutes = Number(match[11] ?? 0);
  if (zoneHours > 23 || zoneMinutes > 59) return undefined;
  const offsetMs = (zoneHours * 60 + zoneMinutes) * 60_000 * (match[9] === "-" ? -1 : 1);
  return (
    atUtc(year, month, day) + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offsetMs
  );
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(atUtc(year, month, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999. */
function atUtc(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function valid(instant: number): number | undefined {
  return Number.isFinite(instant) ? instant : undefined;
}
