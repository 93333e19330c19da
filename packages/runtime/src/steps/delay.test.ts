import { expect, test } from "vitest";
import { delayMsOf } from "./delay.ts";
import { failureOf } from "./testing/failure-of.ts";
import { contextOf } from "./testing/step-context.ts";

function delayOf(value: unknown, unit: string): number {
  const { planned, input } = contextOf(
    { type: "delay", value: "{{trigger}}", unit },
    { trigger: value },
  );
  return delayMsOf(planned.step, input);
}

test.each([
  [0, "seconds", 0],
  [1.5, "seconds", 1_500],
  [2, "minutes", 120_000],
  [3, "hours", 10_800_000],
  ["4", "days", 345_600_000],
  [365, "days", 31_536_000_000],
])("%o %s are a delay", (value, unit, ms) => {
  expect(delayOf(value, unit)).toBe(ms);
});

test.each([
  [-1, "seconds"],
  [Number.NaN, "seconds"],
  [Number.POSITIVE_INFINITY, "seconds"],
  ["soon", "seconds"],
  ["", "seconds"],
  [null, "minutes"],
  [undefined, "minutes"],
  [{}, "minutes"],
  [true, "minutes"],
  [366, "days"],
  [1e300, "seconds"],
])("%o %s are none", async (value, unit) => {
  const failure = await failureOf(Promise.resolve().then(() => delayOf(value, unit)));
  expect(failure).toMatchObject({ code: "invalid_input", transient: false });
});
