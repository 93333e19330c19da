/** A schedule as people choose it. Days of the week count from 0, Sunday. */
export type SchedulePreset =
  | { every: "seconds"; interval: number }
  | { every: "minutes"; interval: number }
  | { every: "hour"; minute: number }
  | { every: "day"; hour: number; minute: number }
  | { every: "week"; days: readonly number[]; hour: number; minute: number };

/**
 * The cron expression of a preset. An interval that does not divide 60 starts anew each minute or
 * hour: every 7 minutes is at 0, 7 … 56, and then at 0 again.
 *
 * @throws RangeError where a number is out of range or no day is given.
 */
export function presetToCron(preset: SchedulePreset): string {
  switch (preset.every) {
    case "seconds":
      return `*/${whole(preset.interval, 1, 59)} * * * * *`;
    case "minutes":
      return `*/${whole(preset.interval, 1, 59)} * * * *`;
    case "hour":
      return `${whole(preset.minute, 0, 59)} * * * *`;
    case "day":
      return `${timeOfDay(preset)} * * *`;
    case "week": {
      const days = [...new Set(preset.days)].map((day) => whole(day, 0, 6)).sort((a, b) => a - b);
      if (days.length === 0) throw new RangeError("A weekly schedule needs at least one day.");
      return `${timeOfDay(preset)} * * ${days.join(",")}`;
    }
    default:
      return preset satisfies never;
  }
}

const presetPatterns: readonly {
  pattern: RegExp;
  preset: (a: number, b: number, days: readonly number[]) => SchedulePreset;
}[] = [
  {
    pattern: /^\*\/(\d\d?) \* \* \* \* \*$/,
    preset: (interval) => ({ every: "seconds", interval }),
  },
  { pattern: /^\*\/(\d\d?) \* \* \* \*$/, preset: (interval) => ({ every: "minutes", interval }) },
  { pattern: /^(\d\d?) \* \* \* \*$/, preset: (minute) => ({ every: "hour", minute }) },
  {
    pattern: /^(\d\d?) (\d\d?) \* \* \*$/,
    preset: (minute, hour) => ({ every: "day", hour, minute }),
  },
  {
    pattern: /^(\d\d?) (\d\d?) \* \* ([0-6](?:,[0-6]){0,6})$/,
    preset: (minute, hour, days) => ({ every: "week", days, hour, minute }),
  },
];

/** The preset that gives exactly this expression, for showing it; undefined if none does. */
export function cronToPreset(cron: string): SchedulePreset | undefined {
  for (const { pattern, preset } of presetPatterns) {
    const match = pattern.exec(cron);
    if (match === null) continue;
    const days = (match[3] ?? "").split(",").map(Number);
    const found = preset(Number(match[1]), Number(match[2]), days);
    return givesCron(found, cron) ? found : undefined;
  }
  return undefined;
}

function givesCron(preset: SchedulePreset, cron: string): boolean {
  try {
    return presetToCron(preset) === cron;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

function timeOfDay({ hour, minute }: { hour: number; minute: number }): string {
  return `${whole(minute, 0, 59)} ${whole(hour, 0, 23)}`;
}

function whole(value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`Expected a whole number from ${least} to ${most}, not ${value}.`);
}
