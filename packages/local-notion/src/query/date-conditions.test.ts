import { describe, expect, it } from "vitest";
import { matchesDate } from "./date-conditions.ts";

// A Wednesday.
const now = Date.parse("2026-06-17T15:00:00Z");

function meets(start: string, name: string, wanted: unknown): boolean {
  return matchesDate({ start, end: null, time_zone: null }, { name, wanted, now });
}

describe("conditions on dates", () => {
  it.each([
    ["2026-06-17", "equals", "today", true],
    ["2026-06-16", "equals", "yesterday", true],
    ["2026-05-17", "equals", "one_month_ago", true],
    ["2026-06-24", "on_or_after", "one_week_from_now", true],
    ["2026-06-17T23:30:00.000+02:00", "equals", "2026-06-17", true],
    ["2026-06-17T10:00:00.000+00:00", "equals", "2026-06-17T12:00:30+02:00", true],
    ["2026-06-17T10:00:00.000+00:00", "after", "2026-06-17T10:00:00Z", false],
    ["2026-06-16", "on_or_before", "2026-06-17", true],
    ["2026-06-10", "past_week", {}, true],
    ["2026-06-09", "past_week", {}, false],
    ["2026-06-14", "this_week", {}, true],
    ["2026-06-21", "this_week", {}, false],
    ["2026-07-17", "next_month", {}, true],
    ["2026-07-18", "next_month", {}, false],
    ["2025-06-17", "past_year", {}, true],
  ])("%s %s %j: %s", (start, name, wanted, expected) => {
    expect(meets(start, name, wanted)).toBe(expected);
  });

  it("counts a month from the 31st to the last day of a shorter one", () => {
    const late = Date.parse("2026-03-31T00:00:00Z");
    const date = { start: "2026-02-28", end: null, time_zone: null };
    expect(matchesDate(date, { name: "equals", wanted: "one_month_ago", now: late })).toBe(true);
  });
});
