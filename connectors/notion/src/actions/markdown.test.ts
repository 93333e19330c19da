import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { crashPoints } from "../testing/step.ts";
import { createPageWithMarkdown } from "./create-page-with-markdown.ts";
import { getPageAsMarkdown } from "./get-page-as-markdown.ts";
import { updatePageWithMarkdown } from "./update-page-with-markdown.ts";

let rig: ActionRig;
let handbook: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
});
afterAll(() => rig.close());
beforeEach(() => rig.clearFaults());

async function newPage(): Promise<string> {
  const markdown = "First line\n\nSecond line\n\nLast line";
  const input = { parent: handbook, title: "Subject", markdown };
  const { result } = await rig.run(createPageWithMarkdown, input);
  await rig.forgetRequests();
  return result.id;
}

async function markdownOf(pageId: string): Promise<string> {
  return (await rig.run(getPageAsMarkdown, { pageId })).result.markdown;
}

const changes = [
  ["append", { markdown: "Added" }, "First line\nSecond line\nLast line\nAdded"],
  ["prepend", { markdown: "Added" }, "Added\nFirst line\nSecond line\nLast line"],
  [
    "insert_after",
    { markdown: "Added", find: "First...line" },
    "First line\nAdded\nSecond line\nLast line",
  ],
  ["replace_all", { markdown: "Added" }, "Added"],
  ["find_and_replace", { markdown: "Added", find: "Second line" }, "First line\nAdded\nLast line"],
  [
    "find_and_replace",
    { markdown: "**Second line** again", find: "Second line" },
    "First line\n**Second line** again\nLast line",
  ],
] as const;

describe.each(changes)("update-page-with-markdown, %s", (mode, input, wanted) => {
  test("changes the page in one write", async () => {
    const pageId = await newPage();
    const { result } = await rig.run(updatePageWithMarkdown, { pageId, mode, ...input });
    expect(result.markdown).toBe(wanted);
    expect(await markdownOf(pageId)).toBe(wanted);
    expect(await rig.writes()).toHaveLength(1);
  });

  test("changes it once, wherever it crashes", async () => {
    const whole = rig.step(updatePageWithMarkdown, { pageId: await newPage(), mode, ...input });
    await whole.attempt();
    for (const point of crashPoints(whole.partsDone)) {
      const pageId = await newPage();
      await rig.step(updatePageWithMarkdown, { pageId, mode, ...input }).attemptThrough(point);
      expect(await markdownOf(pageId), JSON.stringify(point)).toBe(wanted);
    }
  });
});

test("long Markdown goes in several writes, in order, at either end", async () => {
  const markdown = Array.from({ length: 1_800 }, (_, index) => `Line number ${index}`).join("\n");
  for (const mode of ["append", "prepend", "replace_all"]) {
    const pageId = await newPage();
    await rig.run(updatePageWithMarkdown, { pageId, mode, markdown });
    expect((await rig.writes()).length).toBeGreaterThan(1);
    const written = await markdownOf(pageId);
    expect(written.replace(/(?:^|\n)(?:First|Second|Last) line/g, "").trim()).toBe(markdown);
  }
});

test("a text that is not on the page is refused", async () => {
  const pageId = await newPage();
  const input = { pageId, mode: "find_and_replace", markdown: "x", find: "nowhere" };
  await expect(rig.run(updatePageWithMarkdown, input)).rejects.toThrow("nowhere");
});

test("a text on the page is asked for where it is needed", async () => {
  const input = { pageId: await newPage(), mode: "insert_after", markdown: "x" };
  await expect(rig.run(updatePageWithMarkdown, input)).rejects.toThrow('"Text on the page"');
});

test("blank Markdown is nothing to add", async () => {
  const input = { pageId: await newPage(), markdown: " \n" };
  await expect(rig.run(updatePageWithMarkdown, input)).rejects.toThrow("blank");
});

test("503 after saving: the text is not added again", async () => {
  const pageId = await newPage();
  const path = "/v1/pages/*/markdown";
  await rig.fault({ method: "PATCH", path, nth: 1 }, { status: 503, when: "after_save" });
  const step = rig.step(updatePageWithMarkdown, { pageId, markdown: "Added" });
  await expect(step.attempt()).rejects.toMatchObject({ status: 503 });
  expect((await step.attempt()).result.markdown).toBe("First line\nSecond line\nLast line\nAdded");
});
