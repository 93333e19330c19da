import { expect, test } from "vitest";
import { readRetryAfterMs } from "./retry-after.ts";

const now = Date.parse("2026-11-22T10:00:00Z");

test.each([
  ["7", 7_000],
  ["0", 0],
  ["Sun, 22 Nov 2026 10:00:30 GMT", 30_000],
  ["Sun, 22 Nov 2026 09:00:00 GMT", 0],
  ["soon", undefined],
  ["-1", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After %j asks for %j ms", (value, expected) => {
  expect(readRetryAfterMs(value, now)).toBe(expected);
});
