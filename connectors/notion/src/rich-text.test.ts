import { describe, expect, test } from "vitest";
import { plainText, splitRichText, splitText, toRichText } from "./rich-text.ts";

describe("splitText", () => {
  test("keeps every character, 2,000 units at most in a part", () => {
    const text = "abcdefghij".repeat(501);
    const parts = splitText(text);
    expect(parts.map(({ length }) => length)).toEqual([2_000, 2_000, 1_010]);
    expect(parts.join("")).toBe(text);
  });

  test.each([
    ["a surrogate pair", "😀"],
    ["a family of joined emoji", "👨‍👩‍👧‍👦"],
    ["a flag", "🇨🇭"],
    ["a letter with marks", "e\u0301\u0323"],
  ])("does not cut through %s", (_, letter) => {
    const text = "x".repeat(1_999) + letter + "y".repeat(1_999) + letter;
    const parts = splitText(text);
    expect(parts.join("")).toBe(text);
    expect(parts.every((part) => part.length <= 2_000)).toBe(true);
    expect(parts.filter((part) => part.includes(letter))).toHaveLength(2);
  });

  test("cuts between two flags, not within the second", () => {
    const text = `x${"🇨🇭".repeat(1_000)}`;
    expect(splitText(text).every((part) => part.replaceAll("🇨🇭", "").length <= 1)).toBe(true);
  });

  test("keeps pairs together in a letter with thousands of marks", () => {
    const text = `${"x".repeat(1_001)}a${"\u{1d165}".repeat(1_500)}`;
    const parts = splitText(text);
    expect(parts.join("")).toBe(text);
    expect(parts.every((part) => part.length <= 2_000 && part.isWellFormed())).toBe(true);
  });

  test("gives nothing for nothing", () => {
    expect(splitText("")).toEqual([]);
    expect(toRichText("")).toEqual([]);
  });
});

test("parts of one item keep its link and annotations", () => {
  const item = {
    type: "text",
    text: { content: "z".repeat(2_500), link: { url: "https://example.com" } },
    annotations: { bold: true },
    plain_text: "z".repeat(2_500),
  };
  const parts = splitRichText([item]);
  expect(parts).toHaveLength(2);
  for (const part of parts) {
    expect(part).toMatchObject({
      text: { link: { url: "https://example.com" } },
      annotations: { bold: true },
    });
    expect(part).not.toHaveProperty("plain_text");
  }
  expect(plainText(parts)).toBe(item.plain_text);
});
