import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPage } from "../actions/create-page.ts";
import { createPageWithMarkdown } from "../actions/create-page-with-markdown.ts";
import { getPageAsMarkdown } from "../actions/get-page-as-markdown.ts";
import { getPageContent } from "../actions/get-page-content.ts";
import { queryDataSource } from "../actions/query-data-source.ts";
import type { ActionRig } from "../testing/action-rig.ts";
import { openExample, valuesOf } from "../testing/open-example.ts";
import { crashPoints } from "../testing/step.ts";
import { titleOf } from "./page-title.ts";

let rig: ActionRig;
let handbook: string;
let dataSourceId: string;
let databaseId: string;

beforeAll(async () => {
  ({ rig, handbook, dataSourceId, databaseId } = await openExample());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.clearFaults();
  await rig.forgetRequests();
});

/** How many pages of a title lie in a page. */
async function count(title: string, parentId: string): Promise<number> {
  const { result } = await rig.run(getPageContent, { blockId: parentId, depth: 1 });
  return result.filter(
    (block) =>
      block.type === "child_page" &&
      JSON.stringify(block["child_page"]) === JSON.stringify({ title }),
  ).length;
}

async function textsOf(blockId: string): Promise<string[]> {
  const { result } = await rig.run(getPageContent, { blockId, layout: "flat" });
  return result
    .map((block) => JSON.stringify(block[block.type]))
    .map((json) => /"content":"([^"]*)/.exec(json)?.[1] ?? "");
}

describe("create-page", () => {
  test("makes a page in a page, with icon, cover and Markdown, in one write", async () => {
    const { result } = await rig.run(createPage, {
      parent: handbook,
      title: "Rules",
      icon: "📐",
      cover: "https://example.com/cover.png",
      content: "Hello **there**\n\n- one\n- two",
    });
    expect(titleOf(result)).toBe("Rules");
    expect(result).toMatchObject({
      parent: { page_id: handbook },
      icon: { type: "emoji", emoji: "📐" },
      cover: { type: "external", external: { url: "https://example.com/cover.png" } },
    });
    expect(await textsOf(result.id)).toEqual(["Hello ", "one", "two"]);
    expect(await rig.writes()).toHaveLength(1);
  });

  test.each([
    ["an id without dashes", () => handbook.replaceAll("-", "")],
    ["a link", () => `https://www.notion.so/Handbook-${handbook.replaceAll("-", "")}?pvs=4`],
    ["Notion's object", () => ({ page_id: handbook })],
    ["Notion's object as text", () => JSON.stringify({ type: "page_id", page_id: handbook })],
  ])("takes a parent as %s", async (_, parent) => {
    const { result } = await rig.run(createPage, { parent: parent(), title: "Any" });
    expect(result.parent).toMatchObject({ page_id: handbook });
  });

  test.each([
    ["a data source's id", () => dataSourceId],
    ["its database's id", () => databaseId],
    ["its database's link", () => `https://app.notion.com/p/${databaseId.replaceAll("-", "")}?v=1`],
    ["Notion's object", () => ({ database_id: databaseId })],
  ])("makes a row, values coerced to their types, from %s", async (_, parent) => {
    const { result } = await rig.run(createPage, {
      parent: parent(),
      title: "Row",
      properties: {
        Stage: "Planned",
        Area: "Import, Search",
        Due: "2026-03-01",
        Days: "3",
        Reviewed: "true",
        Owner: "ada@acme.example",
      },
    });
    expect(result.parent).toMatchObject({ data_source_id: dataSourceId });
    expect(valuesOf(result)).toMatchObject({
      Task: "Row",
      Stage: "Planned",
      Area: ["Import", "Search"],
      Due: "2026-03-01",
      Days: 3,
      Reviewed: true,
    });
    expect(await rig.writes()).toHaveLength(1);
  });

  test("a value that does not fit names the property, its type and the value", async () => {
    const input = { parent: dataSourceId, title: "x", properties: { Days: "three" } };
    await expect(rig.run(createPage, input)).rejects.toThrow(
      /Property "Days" \(number\) does not take "three"/,
    );
    expect(await rig.writes()).toEqual([]);
  });

  test("values in Notion's own form are taken, also as text", async () => {
    const properties = JSON.stringify({
      Task: { title: [{ text: { content: "Own form" } }] },
      Days: { number: 7 },
    });
    const { result } = await rig.run(createPage, { parent: dataSourceId, properties });
    expect(valuesOf(result)).toMatchObject({ Task: "Own form", Days: 7 });
  });

  test("a page outside of data sources takes no other property than its title", async () => {
    const input = { parent: handbook, properties: { Stage: "Planned" } };
    await expect(rig.run(createPage, input)).rejects.toThrow('There is no property "Stage"');
  });

  test("a parent that is not shared says what to do", async () => {
    const token = await rig.mintToken({ name: "Small", pageIds: [handbook] });
    const input = { parent: dataSourceId, title: "x" };
    await expect(rig.run(createPage, input, rig.clientOf(token))).rejects.toThrow(
      `not shared with this connection, or it does not exist: open it in Notion, choose ••• › Connections, and add "Small"`,
    );
  });

  test("content as blocks and as Markdown at once is refused", async () => {
    const children = [{ type: "divider", divider: {} }];
    const input = { parent: handbook, content: "x", children };
    await expect(rig.run(createPage, input)).rejects.toThrow("not both");
  });

  test.each([
    ["Icon", { icon: "rocket" }],
    ["Cover", { cover: "🚀" }],
    ["Icon", { icon: "{" }],
  ])("a look that is none names the field %s", async (field, looks) => {
    await expect(rig.run(createPage, { parent: handbook, ...looks })).rejects.toThrow(`"${field}"`);
  });
});

describe("after a crash", () => {
  const line = (content: string) => ({
    type: "paragraph",
    paragraph: { rich_text: [{ text: { content } }] },
  });
  const children = [
    ...Array.from({ length: 130 }, (_, index) => line(`line ${index}`)),
    {
      type: "toggle",
      toggle: {
        rich_text: [{ text: { content: "t1" } }],
        children: [
          {
            type: "toggle",
            toggle: {
              rich_text: [{ text: { content: "t2" } }],
              children: [
                {
                  type: "toggle",
                  toggle: { rich_text: [{ text: { content: "t3" } }], children: [line("t4")] },
                },
              ],
            },
          },
        ],
      },
    },
  ];
  const wanted = [
    ...Array.from({ length: 130 }, (_, index) => `line ${index}`),
    "t1",
    "t2",
    "t3",
    "t4",
  ];

  test("at any point, there is one page with all its content, beside an older one of its name", async () => {
    const parent = (await rig.run(createPage, { parent: handbook, title: "Home" })).result.id;
    const step = (title: string) => rig.step(createPage, { parent, title, children });
    const whole = step("Whole");
    await whole.attempt();
    expect(whole.partsDone).toBeGreaterThan(3);
    for (const point of crashPoints(whole.partsDone)) {
      const title = `Crash ${point.part} ${point.when}`;
      await rig.run(createPage, { parent, title });
      const { result } = await step(title).attemptThrough(point);
      expect(await count(title, parent), title).toBe(2);
      expect(await textsOf(result.id), title).toEqual(wanted);
    }
  });

  test("at any point, there is one row in a data source", async () => {
    for (const point of crashPoints(2)) {
      const title = `Row ${point.part} ${point.when}`;
      const input = { parent: dataSourceId, title, properties: { Days: 1 } };
      await rig.run(createPage, input);
      await rig.step(createPage, input).attemptThrough(point);
      const filter = { property: "Task", title: { equals: title } };
      const { result } = await rig.run(queryDataSource, { dataSource: dataSourceId, filter });
      expect(result.items, title).toHaveLength(2);
    }
  });

  test("at any point, long Markdown is there once", async () => {
    const lines = Array.from({ length: 900 }, (_, index) => `Paragraph number ${index}`);
    const input = { parent: handbook, title: "Long", markdown: lines.join("\n\n") };
    const whole = rig.step(createPageWithMarkdown, input);
    await whole.attempt();
    expect(whole.partsDone).toBeGreaterThan(5);
    for (const point of crashPoints(whole.partsDone)) {
      const title = `Long ${point.part} ${point.when}`;
      const { result } = await rig
        .step(createPageWithMarkdown, { ...input, title })
        .attemptThrough(point);
      const page = await rig.run(getPageAsMarkdown, { pageId: result.id });
      expect(page.result.markdown, title).toBe(lines.join("\n"));
    }
  });

  test("two pages of the name made meanwhile are not guessed between", async () => {
    const input = { parent: handbook, title: "Twin" };
    const step = rig.step(createPage, input);
    await expect(step.attempt({ part: 2, when: "after" })).rejects.toThrow("part 2");
    await rig.run(createPage, input);
    await expect(step.attempt()).rejects.toMatchObject({ code: "outcome_unknown" });
  });
});

describe("faults of Notion", () => {
  test("503 after saving: the page that Notion names is the result, and the only one", async () => {
    const first = { method: "POST", path: "/v1/pages", nth: 1 };
    await rig.fault(first, { status: 503, when: "after_save" });
    await rig.run(createPage, { parent: handbook, title: "Saved" });
    expect(await count("Saved", handbook)).toBe(1);
  });

  test.each([
    [429, { status: 429, retryAfter: 2 }, "Notion takes no more requests"],
    [409, { status: 409 }, "Somebody else changed the same thing"],
    [502, { status: 502, html: true }, "answered 502 in place of Notion"],
    [503, { status: 503 }, "Notion is unavailable"],
  ])(
    "%i: the error says what it is, and the next attempt makes the page",
    async (status, outcome, told) => {
      const title = `Fault ${status}`;
      const step = rig.step(createPage, { parent: handbook, title });
      await rig.fault({ method: "POST", path: "/v1/pages", nth: 1 }, outcome);
      const error = await step.attempt().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ status, message: expect.stringContaining(told) });
      if (status === 429) expect(error).toMatchObject({ retryAfterMs: 2_000 });
      await step.attempt();
      expect(await count(title, handbook)).toBe(1);
    },
  );
});

test("Markdown without a title is named by its first heading", async () => {
  const { result } = await rig.run(createPageWithMarkdown, {
    parent: handbook,
    markdown: "# Report\n\nAll is well.",
  });
  expect(titleOf(result)).toBe("Report");
});
