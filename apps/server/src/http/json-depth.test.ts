import { expect, it } from "vitest";
import { isTooDeep, maxJsonDepth } from "./json-depth.ts";

it.each([
  ["lists", "[".repeat(maxJsonDepth) + "]".repeat(maxJsonDepth), false],
  ["one list more", "[".repeat(maxJsonDepth + 1), true],
  ["objects", '{"a":'.repeat(maxJsonDepth + 1), true],
  ["brackets inside a text", JSON.stringify("[".repeat(10_000)), false],
  ["a text that ends in an escaped backslash", `["\\\\"${",[]".repeat(10_000)}]`, false],
  ["an escaped quote before brackets", `["\\"${"[".repeat(10_000)}"]`, false],
  ["many siblings", `[${"[],".repeat(10_000)}[]]`, false],
])("measures how deep %s nest", (_name, text, expected) => {
  expect(isTooDeep(text)).toBe(expected);
});
