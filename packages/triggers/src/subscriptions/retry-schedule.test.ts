import { expect, test } from "vitest";
import { defaultDelaysMs, nextDelayMs } from "./retry-schedule.ts";

const delay = (attempts: number, random = 0.5, retryAfterMs?: number) =>
  nextDelayMs(attempts, { delaysMs: defaultDelaysMs, retryAfterMs, random: () => random });

test("eight attempts: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h", () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => (delay(attempts) ?? -1000) / 1000);
  expect(seconds).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000, -1]);
});

test("each wait is a tenth longer or shorter at most", () => {
  expect(delay(1, 0)).toBeCloseTo(4_500);
  expect(delay(1, 1)).toBeCloseTo(5_500);
});

test("a Retry-After lengthens the wait, to a day at most, and never shortens it", () => {
  expect(delay(1, 0.5, 60_000)).toBe(60_000);
  expect(delay(2, 0.5, 60_000)).toBe(300_000);
  expect(delay(1, 0.5, 365 * 86_400_000)).toBe(86_400_000);
});

test("a Retry-After makes no attempt after the last one", () => {
  expect(delay(8, 0.5, 1)).toBeUndefined();
});
