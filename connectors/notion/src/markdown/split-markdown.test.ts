import { expect, test } from "vitest";
import { splitMarkdown } from "./split-markdown.ts";

const long = (line: string, times: number) => Array.from({ length: times }, () => line).join("\n");

test("short Markdown is one part, blank Markdown none", () => {
  expect(splitMarkdown("# A\n\nB")).toEqual(["# A\n\nB"]);
  expect(splitMarkdown(" \n\n")).toEqual([]);
});

test("nothing is lost, and no part is longer than a request may be", () => {
  const text = long("Some words of a paragraph, 漢字.", 20_000);
  const parts = splitMarkdown(text);
  expect(parts.join("\n")).toBe(text);
  for (const part of parts) expect(new TextEncoder().encode(part).length).toBeLessThan(400_000);
});

test.each([
  ["code", "```\n", "\n```"],
  ["an equation", "$$\n", "\n$$"],
  ["a toggle", "<details>\n<summary>More</summary>\n", "\n</details>"],
  ["nested columns", "<columns>\n<column>\n", "\n</column>\n</columns>"],
])("%s is not cut", (_, open, close) => {
  const inner = open + long("x = 1", 790) + close;
  const parts = splitMarkdown(`${long("before", 700)}\n${inner}\nafter`);
  expect(parts.some((part) => part.includes(inner))).toBe(true);
});

test("a list stays with what is indented below it", () => {
  const item = `- item\n${long("\t- below", 500)}`;
  const parts = splitMarkdown(`${item}\n${item}\n${item}`);
  expect(parts).toEqual([item, item, item]);
});

test("a table stays whole", () => {
  const table = `| a | b |\n| --- | --- |\n${long("| 1 | 2 |", 600)}`;
  const parts = splitMarkdown(`${long("before", 500)}\n\n${table}\n\nafter`);
  expect(parts.some((part) => part.includes(table))).toBe(true);
});
