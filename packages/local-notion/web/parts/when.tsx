const steps: readonly [limitMs: number, unitMs: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [3_600_000, 60_000, "minute"],
  [86_400_000, 3_600_000, "hour"],
  [7 * 86_400_000, 86_400_000, "day"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const dayAndTime = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "short" });

/** A moment: near ones as distance from now, others as a date. */
export function When({ time }: { time: string }) {
  const date = new Date(time);
  return (
    <time dateTime={time} title={dayAndTime.format(date)}>
      {inWords(date)}
    </time>
  );
}

const clock = new Intl.DateTimeFormat("en", { timeStyle: "medium", hourCycle: "h23" });

/** A moment to the second, for what happens in quick succession. */
export function ClockTime({ time }: { time: string }) {
  const date = new Date(time);
  return (
    <time dateTime={time} title={dayAndTime.format(date)}>
      {clock.format(date)}
    </time>
  );
}

function inWords(date: Date): string {
  const ago = Date.now() - date.getTime();
  // The API's times are of the minute.
  if (ago < 60_000) return "just now";
  const step = steps.find(([limitMs]) => ago < limitMs);
  return step ? relative.format(-Math.floor(ago / step[1]), step[2]) : day.format(date);
}
