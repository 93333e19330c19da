const minuteMs = 60_000;

/**
 * A date as Notion keeps it: days as they are, times to the minute and with an offset. A time
 * without one is meant in the zone given beside it, or in UTC.
 */
export function toStoredDate(text: string, zone: string | null): string {
  if (!text.includes("T")) return text;
  const [, wall = text, offset] = /^(.*?)(Z|[+-]\d{2}:?\d{2})?$/.exec(text) ?? [];
  const minutes = offset === undefined ? zoneOffset(wall, zone) : toMinutes(offset);
  const time = Math.floor(Date.parse(`${wall}Z`) / minuteMs) * minuteMs;
  return new Date(time).toISOString().replace("Z", toOffset(minutes));
}

function toMinutes(offset: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
  const value = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === "-" ? -value : value;
}

/** How far a zone is from UTC when its clocks show a time. */
function zoneOffset(wall: string, zone: string | null): number {
  if (zone === null) return 0;
  const shown = Date.parse(`${wall}Z`);
  // The offset at the same instant in UTC is right except within hours of a change of clocks;
  // asking again at the instant it leads to settles those.
  const first = offsetAt(shown, zone);
  return offsetAt(shown - first * minuteMs, zone);
}

function offsetAt(time: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  const name = format.formatToParts(time).find(({ type }) => type === "timeZoneName")?.value ?? "";
  return toMinutes(name.replace("GMT", ""));
}

function toOffset(minutes: number): string {
  const digits = (value: number): string => String(Math.trunc(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${digits(size / 60)}:${digits(size % 60)}`;
}
