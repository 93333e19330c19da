import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cronToPreset, presetToCron, type SchedulePreset } from "./schedule-preset.ts";
import { checkCron, InvalidScheduleError, isTimeZone, nextTime } from "./schedule.ts";

function times(cron: string, timeZone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let at: Date | undefined = new Date(after);
  while (found.length < count) {
    at = nextTime(cron, timeZone, at);
    if (at === undefined) break;
    found.push(at.toISOString().replace(".000Z", "Z"));
  }
  return found;
}

describe("the next time", () => {
  test("five fields are minutes on, six have seconds first", () => {
    expect(times("30 9 * * 1-5", "UTC", "2026-03-06T09:30:00Z", 2)).toEqual([
      "2026-03-09T09:30:00Z",
      "2026-03-10T09:30:00Z",
    ]);
    expect(times("*/5 * * * * *", "UTC", "2026-03-06T09:30:57Z", 2)).toEqual([
      "2026-03-06T09:31:00Z",
      "2026-03-06T09:31:05Z",
    ]);
  });

  test("it is the zone's time", () => {
    expect(times("0 9 * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", 1)).toEqual([
      "2026-01-01T03:30:00Z",
    ]);
  });

  test("a time of day that is skipped comes right after the gap, once", () => {
    const after = "2026-03-07T12:00:00Z";
    expect(times("30 2 * * *", "America/New_York", after, 2)).toEqual([
      "2026-03-08T07:00:00Z",
      "2026-03-09T06:30:00Z",
    ]);
    expect(times("15,45 2 * * *", "America/New_York", after, 2)).toEqual([
      "2026-03-08T07:00:00Z",
      "2026-03-09T06:15:00Z",
    ]);
  });

  test("a time of day that occurs twice comes at the first of the two", () => {
    expect(times("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2)).toEqual([
      "2026-11-01T05:30:00Z",
      "2026-11-02T06:30:00Z",
    ]);
    expect(times("30 1,9 * * *", "America/New_York", "2026-11-01T05:00:00Z", 2)).toEqual([
      "2026-11-01T05:30:00Z",
      "2026-11-01T14:30:00Z",
    ]);
  });

  test("an interval goes on in real time through both passes and over the gap", () => {
    expect(times("*/30 * * * *", "America/New_York", "2026-11-01T05:00:00Z", 4)).toEqual([
      "2026-11-01T05:30:00Z",
      "2026-11-01T06:00:00Z",
      "2026-11-01T06:30:00Z",
      "2026-11-01T07:00:00Z",
    ]);
    expect(times("0 * * * *", "America/New_York", "2026-03-08T05:30:00Z", 2)).toEqual([
      "2026-03-08T06:00:00Z",
      "2026-03-08T07:00:00Z",
    ]);
  });

  test("a midnight that does not exist is the first moment of the day", () => {
    expect(times("0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 1)).toEqual([
      "2026-04-23T22:00:00Z",
    ]);
  });

  test("leap days are found, days that never come are not", () => {
    expect(times("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 1)).toEqual(["2028-02-29T00:00:00Z"]);
    expect(times("0 0 30 2 *", "UTC", "2026-01-01T00:00:00Z", 1)).toEqual([]);
  });

  test("it is later than asked, for any time and zone", () => {
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia");
    const crons = fc.constantFrom("*/7 * * * * *", "0 2 * * *", "30 1 1 * 0", "59 23 31 12 *");
    const dates = fc.date({
      min: new Date("1990-01-01"),
      max: new Date("2090-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(crons, zones, dates, (cron, zone, after) => {
        const found = nextTime(cron, zone, after);
        expect(found?.getTime()).toBeGreaterThan(after.getTime());
      }),
    );
  });

  test("dates at the end of time have none", () => {
    expect(nextTime("* * * * *", "UTC", new Date(8.64e15))).toBeUndefined();
    expect(nextTime("* * * * *", "UTC", new Date(Number.NaN))).toBeUndefined();
  });

  test("any text is a schedule or an InvalidScheduleError", () => {
    const field = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.stringMatching(/^[\d*,/LW#?-]{1,6}$/),
      fc.constantFrom("*", "*/0", "61", "JAN", "1-5", "L"),
    );
    const text = fc.oneof(
      fc.array(field, { maxLength: 8 }).map((fields) => fields.join(" ")),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.oneof(fc.constant("UTC"), fc.string()), (cron, zone) => {
        try {
          const found = nextTime(cron, zone, new Date("2026-01-01T00:00:00Z"));
          expect(found === undefined || found instanceof Date).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidScheduleError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("checks", () => {
  test.each([
    ["", "It is empty"],
    ["* * * *", "has 4"],
    ["* * * * * * *", "has 7"],
    ["2026-01-01T00:00:00", "has 1"],
    ["@daily", "has 1"],
    ["61 * * * *", "minute"],
    ["a b c d e", "is not a cron expression"],
    ["0 0 30 2 *", "never comes"],
    ["* ".repeat(1_000_000), "at most"],
  ])("%.30s is refused: %s", (cron, reason) => {
    expect(checkCron(cron)).toContain(reason);
  });

  test.each(["* * * * *", "0 0 9 * * *", "0 0 L * *", "0 9 * * MON#1", " 5 4 * * sun "])(
    "%s is accepted",
    (cron) => {
      expect(checkCron(cron)).toBeUndefined();
    },
  );

  test.each([
    ["Europe/Berlin", true],
    ["America/Argentina/Buenos_Aires", true],
    ["UTC", true],
    ["Etc/GMT+5", true],
    ["+02:00", false],
    ["Mars/Olympus", false],
    ["", false],
    ["Europe/Berlin\n", false],
  ])("%j as a time zone: %j", (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });
});

describe("presets", () => {
  test.each<[SchedulePreset, string]>([
    [{ every: "seconds", interval: 5 }, "*/5 * * * * *"],
    [{ every: "minutes", interval: 15 }, "*/15 * * * *"],
    [{ every: "hour", minute: 30 }, "30 * * * *"],
    [{ every: "day", hour: 9, minute: 0 }, "0 9 * * *"],
    [{ every: "week", days: [5, 1], hour: 17, minute: 45 }, "45 17 * * 1,5"],
  ])("%j is %s, and read back is the same schedule", (preset, cron) => {
    expect(presetToCron(preset)).toBe(cron);
    const read = cronToPreset(cron);
    expect(read && presetToCron(read)).toBe(cron);
    expect(read?.every).toBe(preset.every);
    expect(checkCron(cron)).toBeUndefined();
  });

  test.each<SchedulePreset>([
    { every: "seconds", interval: 0 },
    { every: "minutes", interval: 60 },
    { every: "hour", minute: 1.5 },
    { every: "day", hour: 24, minute: 0 },
    { every: "week", days: [], hour: 1, minute: 0 },
    { every: "week", days: [7], hour: 1, minute: 0 },
  ])("%j is refused", (preset) => {
    expect(() => presetToCron(preset)).toThrow(RangeError);
  });

  test.each(["0 0 1 * *", "*/60 * * * *", "5 25 * * *", "0 9 * * 1-5", "05 9 * * *", ""])(
    "%s is no preset",
    (cron) => {
      expect(cronToPreset(cron)).toBeUndefined();
    },
  );
});
