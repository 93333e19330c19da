import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findExampleDataSource, findPageId } from "../testing/find-by-title.ts";
import { appendBlocks } from "./append-blocks.ts";
import { createPage } from "./create-page.ts";
import { deleteBlock } from "./delete-block.ts";
import { getPage } from "./get-page.ts";
import { getPageContent } from "./get-page-content.ts";
import { retrieveBlock } from "./retrieve-block.ts";
import { updateBlock } from "./update-block.ts";
import { titleOf } from "../pages/page-title.ts";

let rig: ActionRig;
let handbook: string;
let pageId: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.clearFaults();
  await rig.changeSettings({ rateLimit: null });
  pageId = (await rig.run(createPage, { parent: handbook, title: "Subject" })).result.id;
  await rig.forgetRequests();
});

async function addBlock(block: Record<string, unknown>): Promise<string> {
  const { result } = await rig.run(appendBlocks, { blockId: pageId, children: [block] });
  await rig.forgetRequests();
  return result[0]?.id ?? "";
}

describe("get-page-content", () => {
  test("reads a page's blocks as a tree, and names child pages without entering them", async () => {
    const weekly = await findPageId(rig, "Weekly, 12 May");
    const { result } = await rig.run(getPageContent, { blockId: weekly });
    expect(result.map(({ type }) => type)).toEqual(["paragraph", "toggle", "bulleted_list_item"]);
    const table = result[1]?.children?.[0];
    expect(table?.type).toBe("table");
    expect(table?.children).toHaveLength(3);
    expect(result[0]).not.toHaveProperty("children");
    const { result: top } = await rig.run(getPageContent, { blockId: handbook });
    const holidays = top.find(({ type }) => type === "child_page");
    expect(holidays).toMatchObject({ has_children: true });
    expect(holidays).not.toHaveProperty("children");
    expect(await rig.writes()).toEqual([]);
  });

  test("flat, all blocks are one list in reading order, as far down as asked", async () => {
    const weekly = await findPageId(rig, "Weekly, 12 May");
    const flat = { blockId: weekly, layout: "flat" };
    const { result } = await rig.run(getPageContent, flat);
    expect(result.map(({ type }) => type)).toEqual([
      "paragraph",
      "toggle",
      "table",
      "table_row",
      "table_row",
      "table_row",
      "bulleted_list_item",
      "bulleted_list_item",
      "bulleted_list_item",
    ]);
    const top = await rig.run(getPageContent, { ...flat, depth: 1 });
    expect(top.result).toHaveLength(3);
  });

  test("reads lists longer than one answer, on every level, in order", async () => {
    const rows = Array.from({ length: 230 }, (_, index) => ({
      type: "paragraph",
      paragraph: { rich_text: [{ text: { content: String(index) } }] },
    }));
    const toggle = { type: "toggle", toggle: { rich_text: [], children: rows } };
    await rig.run(appendBlocks, { blockId: pageId, children: [...rows, toggle] });
    const { result } = await rig.run(getPageContent, { blockId: pageId });
    expect(result).toHaveLength(231);
    const texts = result.at(-1)?.children?.map((block) => JSON.stringify(block["paragraph"]));
    expect(texts?.map((text) => Number(/"content":"(\d+)"/.exec(text)?.[1]))).toEqual(
      rows.map((_, index) => index),
    );
  });

  test("a tree of more lists than the rate limit allows goes on where it had to wait", async () => {
    const toggles = Array.from({ length: 90 }, (_, index) => ({
      type: "toggle",
      toggle: {
        rich_text: [],
        children: [
          { type: "paragraph", paragraph: { rich_text: [{ text: { content: `${index}` } }] } },
        ],
      },
    }));
    await rig.run(appendBlocks, { blockId: pageId, children: toggles });
    await rig.forgetRequests();
    const step = rig.step(getPageContent, { blockId: pageId });
    await rig.fault({ path: "/v1/blocks/*/children", nth: 60 }, { status: 429 });
    await expect(step.attempt()).rejects.toMatchObject({ status: 429 });
    const asked = (await rig.requests()).length;
    const { result } = await step.attempt();
    expect(result.every(({ children }) => children?.length === 1)).toBe(true);
    expect((await rig.requests()).length - asked).toBeLessThan(91);
  });

  test("a synced block and its repetition both show their content", async () => {
    const paragraph = { type: "paragraph", paragraph: { rich_text: [{ text: { content: "s" } }] } };
    const original = await addBlock({
      type: "synced_block",
      synced_block: { synced_from: null, children: [paragraph] },
    });
    await addBlock({
      type: "synced_block",
      synced_block: { synced_from: { type: "block_id", block_id: original } },
    });
    const { result } = await rig.run(getPageContent, { blockId: pageId });
    expect(result.map(({ children }) => children?.length)).toEqual([1, 1]);
  });

  test("a block's own children are read too", async () => {
    const id = await addBlock({
      type: "toggle",
      toggle: { rich_text: [], children: [{ type: "divider", divider: {} }] },
    });
    const { result } = await rig.run(getPageContent, { blockId: id });
    expect(result.map(({ type }) => type)).toEqual(["divider"]);
  });
});

describe("retrieve-block", () => {
  test("reads the block that a link within a page points to", async () => {
    const id = await addBlock({ type: "divider", divider: {} });
    const link = `https://www.notion.so/Subject-${pageId.replaceAll("-", "")}#${id.replaceAll("-", "")}`;
    expect((await rig.run(retrieveBlock, { blockId: link })).result.id).toBe(id);
  });

  test("reads a page as a block", async () => {
    const { result } = await rig.run(retrieveBlock, { blockId: pageId });
    expect(result).toMatchObject({ type: "child_page", child_page: { title: "Subject" } });
    expect(await rig.writes()).toEqual([]);
  });
});

describe("update-block", () => {
  test("changes a text, split where it is long", async () => {
    const id = await addBlock({ type: "quote", quote: { rich_text: [], color: "red" } });
    const text = "word ".repeat(1_000);
    const { result } = await rig.run(updateBlock, { blockId: id, text });
    const { rich_text: items, color } = result["quote"] as {
      rich_text: { plain_text: string }[];
      color: string;
    };
    expect(items.map((item) => item.plain_text).join("")).toBe(text);
    expect(color).toBe("red");
    expect(await rig.writes()).toHaveLength(1);
  });

  test("checks a to-do, and nothing else", async () => {
    const id = await addBlock({ type: "to_do", to_do: { rich_text: [] } });
    const { result } = await rig.run(updateBlock, { blockId: id, isChecked: true });
    expect(result["to_do"]).toMatchObject({ checked: true });
    const divider = await addBlock({ type: "divider", divider: {} });
    await expect(rig.run(updateBlock, { blockId: divider, isChecked: true })).rejects.toThrow(
      "the block is a divider",
    );
    await expect(rig.run(updateBlock, { blockId: divider, text: "x" })).rejects.toThrow(
      "A divider block has no text",
    );
  });

  test.each([
    ["with the key of its type", { code: { language: "rust" } }],
    ["without it", { language: "rust" }],
    ["as text", JSON.stringify({ object: "block", type: "code", code: { language: "rust" } })],
  ])("takes JSON %s", async (_, block) => {
    const id = await addBlock({
      type: "code",
      code: { rich_text: [{ text: { content: "x" } }], language: "go" },
    });
    const { result } = await rig.run(updateBlock, { blockId: id, block });
    expect(result["code"]).toMatchObject({ language: "rust", rich_text: [{ plain_text: "x" }] });
  });

  test("given a page or a database with a text, changes the title", async () => {
    const renamed = await rig.run(updateBlock, { blockId: pageId, text: "Renamed" });
    expect(renamed.result).toMatchObject({ child_page: { title: "Renamed" } });
    expect(titleOf((await rig.run(getPage, { pageId })).result)).toBe("Renamed");
    const { databaseId } = await findExampleDataSource(rig.client);
    const { result } = await rig.run(updateBlock, { blockId: databaseId, text: "Tasks" });
    expect(result).toMatchObject({ child_database: { title: "Tasks" } });
  });

  test("a text too long for one block is refused", async () => {
    const id = await addBlock({ type: "quote", quote: { rich_text: [] } });
    const text = "x".repeat(200_001);
    await expect(rig.run(updateBlock, { blockId: id, text })).rejects.toThrow("200,000");
  });

  test("a text that is not JSON is refused", async () => {
    await expect(rig.run(updateBlock, { blockId: pageId, block: "{" })).rejects.toThrow(
      '"Content as JSON" is not JSON',
    );
  });
});

describe("delete-block", () => {
  test("moves a block to the trash, and is as well done twice", async () => {
    const id = await addBlock({ type: "divider", divider: {} });
    for (const _ of [1, 2]) {
      const { result } = await rig.run(deleteBlock, { blockId: id });
      expect(result).toMatchObject({ id, in_trash: true });
    }
    expect((await rig.run(getPageContent, { blockId: pageId })).result).toEqual([]);
  });

  test("given a page, archives it", async () => {
    await rig.run(deleteBlock, { blockId: pageId });
    expect((await rig.run(getPage, { pageId })).result.in_trash).toBe(true);
  });
});

test("Notion's own refusal names the field", async () => {
  const id = await addBlock({ type: "quote", quote: { rich_text: [] } });
  const block = { quote: { color: "no colour" } };
  await expect(rig.run(updateBlock, { blockId: id, block })).rejects.toThrow(
    /^Notion refused this: "quote\.color" should be /,
  );
});
