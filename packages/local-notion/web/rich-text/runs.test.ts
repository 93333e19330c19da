import { expect, test } from "vitest";
import type { RichText } from "../api/objects.ts";
import { joinRuns, plainText, sliceRuns, textRun, toggleMark, toTextRequest } from "./runs.ts";

const bold = (content: string): RichText => {
  const run = textRun(content);
  return { ...run, annotations: { ...run.annotations, bold: true } };
};
const mention: RichText = {
  ...textRun("@Ada"),
  type: "mention",
  mention: { type: "user", user: { object: "user", id: "1" } },
};

const shapeOf = (runs: RichText[]) => runs.map((run) => [run.plain_text, run.annotations.bold]);

test("cuts a text inside its runs and keeps how each part looks", () => {
  const runs = [textRun("plain "), bold("bold"), textRun(" end")];
  expect(shapeOf(sliceRuns(runs, 3, 8))).toEqual([
    ["in ", false],
    ["bo", true],
  ]);
});

test("never cuts a mention: it stays where it begins", () => {
  const runs = [textRun("Hi "), mention, textRun("!")];
  expect(plainText(sliceRuns(runs, 0, 5))).toBe("Hi @Ada");
  expect(plainText(sliceRuns(runs, 5))).toBe("!");
});

test("joins runs that look alike and drops empty ones", () => {
  const joined = joinRuns([textRun("a"), bold("")], [textRun("b"), bold("c")]);
  expect(shapeOf(joined)).toEqual([
    ["ab", false],
    ["c", true],
  ]);
});

test("sets a mark unless all of the range has it already", () => {
  const once = toggleMark([textRun("make this bold")], { start: 5, end: 9 }, "bold");
  expect(shapeOf(once)).toEqual([
    ["make ", false],
    ["this", true],
    [" bold", false],
  ]);
  expect(shapeOf(toggleMark(once, { start: 0, end: 9 }, "bold"))).toEqual([
    ["make this", true],
    [" bold", false],
  ]);
  expect(shapeOf(toggleMark(once, { start: 5, end: 9 }, "bold"))).toEqual([
    ["make this bold", false],
  ]);
});

test("sends at most 2000 characters in one piece", () => {
  const pieces = toTextRequest([bold("x".repeat(4001))]);
  expect(pieces.map(({ text }) => (text as { content: string }).content.length)).toEqual([
    2000, 2000, 1,
  ]);
});

test("sends a mention by its id alone", () => {
  expect(toTextRequest([mention])).toMatchObject([{ mention: { user: { id: "1" } } }]);
});
