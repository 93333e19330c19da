import { expect, test } from "vitest";
import { digest } from "./digest.ts";

test("a digest is 16 hexadecimal digits, whatever the value", () => {
  for (const value of [undefined, null, "", 0, false, [], {}, "x".repeat(10_000), { a: [1] }]) {
    expect(digest(value)).toMatch(/^[0-9a-f]{16}$/);
  }
});

test("it does not depend on the order of keys, at any depth, but on that of lists", () => {
  expect(digest({ a: 1, b: { c: 2, d: 3 } })).toBe(digest({ b: { d: 3, c: 2 }, a: 1 }));
  expect(digest([1, 2])).not.toBe(digest([2, 1]));
});

test("values that differ little have different digests, in both halves", () => {
  const values = Array.from({ length: 100_000 }, (_, index) => digest({ text: `Value ${index}` }));
  expect(new Set(values).size).toBe(values.length);
  for (const half of [values.map((one) => one.slice(0, 8)), values.map((one) => one.slice(8))]) {
    // Of 32 bits, one or two of so many may meet by chance.
    expect(new Set(half).size).toBeGreaterThan(values.length - 10);
  }
});
