import { expect, test } from "vitest";
import { newestDue, scheduleOf, zoneOf } from "./schedule-of.ts";

const hourMs = 3_600_000;
const at = (time: string) => new Date(`2026-11-22T${time}Z`);
const schedule = (cron: string, nextAt: Date) => ({ cron, timeZone: "UTC", nextAt });
const user = { externalId: "u", meta: { zone: "Asia/Tokyo", bad: "Nowhere", number: 7 } };

test.each([
  ["on time", "0 * * * *", "09:00:00", "09:00:00.300", "09:00:00"],
  ["a second late", "* * * * * *", "09:00:00", "09:00:01.300", "09:00:01"],
  ["many times missed", "*/10 * * * *", "06:00:00", "09:05:00", "09:00:00"],
  ["each second of hours missed", "* * * * * *", "06:00:00", "09:05:00", "09:05:00"],
  ["only the first time missed", "0 0 * * *", "09:00:00", "09:45:00", "09:00:00"],
  ["just within the grace", "0 0 * * *", "08:00:00", "09:00:00", "08:00:00"],
])("a schedule that is %s fires for the newest time", (...[, cron, nextAt, now, expected]) => {
  expect(newestDue(schedule(cron, at(nextAt)), at(now), hourMs)).toEqual(at(expected));
});

test("a time that is longer ago than the grace is not made up for", () => {
  const daily = schedule("0 7 * * *", at("07:00:00"));
  expect(newestDue(daily, at("08:00:00.001"), hourMs)).toBeUndefined();
});

test("a schedule is in the zone of the user's metadata, and in UTC where it has none", () => {
  expect(zoneOf("{{user.meta.zone}}", user)).toBe("Asia/Tokyo");
  expect(zoneOf("Europe/Berlin", user)).toBe("Europe/Berlin");
  for (const text of [
    "{{user.meta.bad}}",
    "{{user.meta.number}}",
    "{{user.meta.missing}}",
    "{{user.meta",
    "{{secrets.zone}}",
  ]) {
    expect(zoneOf(text, user)).toBe("UTC");
  }
});

test("only schedule triggers have a schedule, and one that never comes is none", () => {
  const placed = { id: "start", next: null };
  const trigger = { ...placed, type: "schedule" as const, timeZone: "{{user.meta.zone}}" };
  expect(scheduleOf({ ...trigger, cron: "0 9 * * *" }, user, { now: at("08:00:00") })).toEqual({
    cron: "0 9 * * *",
    timeZone: "Asia/Tokyo",
    nextAt: new Date("2026-11-23T00:00:00Z"),
  });
  expect(
    scheduleOf({ ...trigger, cron: "0 0 30 2 *" }, user, { now: at("08:00:00") }),
  ).toBeUndefined();
  expect(
    scheduleOf({ ...trigger, cron: "nonsense" }, user, { now: at("08:00:00") }),
  ).toBeUndefined();
  expect(scheduleOf({ ...placed, type: "enabled" }, user, { now: at("08:00:00") })).toBeUndefined();
});
