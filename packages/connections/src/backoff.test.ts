import { expect, test } from "vitest";
import { backoffMs, repeatUntilDone } from "./backoff.ts";

test("waiting times double up to the limit", () => {
  const limits = { baseMs: 100, maxMs: 1000 };
  const times = [0, 1, 2, 3, 4, 1000].map((failures) => backoffMs(failures, limits, () => 0));
  expect(times).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test("chance takes off up to half", () => {
  expect(backoffMs(0, { baseMs: 100, maxMs: 100 }, () => 1)).toBe(50);
});

test("work is repeated until it succeeds", async () => {
  let attempts = 0;
  const work = async () => {
    attempts += 1;
    if (attempts < 3) throw new Error("not yet");
    return attempts;
  };
  expect(await repeatUntilDone(work, { forMs: Infinity, baseMs: 1, maxMs: 1 })).toBe(3);
});

test("the last error is thrown when the time is over", async () => {
  const work = () => Promise.reject(new Error("never"));
  await expect(repeatUntilDone(work, { forMs: 5, baseMs: 2, maxMs: 2 })).rejects.toThrow("never");
});
