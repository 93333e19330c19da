import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { titleOf } from "../pages/page-title.ts";
import type { ActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { openExample, valuesOf } from "../testing/open-example.ts";
import { archivePage } from "./archive-page.ts";
import { createPage } from "./create-page.ts";
import { getPage } from "./get-page.ts";
import { movePage } from "./move-page.ts";
import { restorePage } from "./restore-page.ts";
import { searchPages } from "./search-pages.ts";
import { updatePage } from "./update-page.ts";

let rig: ActionRig;
let handbook: string;
let dataSourceId: string;
let databaseId: string;
let pageId: string;

beforeAll(async () => {
  ({ rig, handbook, dataSourceId, databaseId } = await openExample());
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.clearFaults();
  pageId = (await rig.run(createPage, { parent: handbook, title: "Subject", icon: "📄" })).result
    .id;
  await rig.forgetRequests();
});

describe("update-page", () => {
  test("changes what is given and leaves the rest", async () => {
    const { result } = await rig.run(updatePage, { pageId, title: "New", isLocked: true });
    expect(titleOf(result)).toBe("New");
    expect(result).toMatchObject({ is_locked: true, icon: { emoji: "📄" } });
    const bare = await rig.run(updatePage, { pageId, icon: "none" });
    expect(titleOf(bare.result)).toBe("New");
    expect(bare.result.icon).toBeNull();
    expect(await rig.writes()).toHaveLength(2);
  });

  test("coerces the values of a row to the types of its data source", async () => {
    const row = await rig.run(createPage, { parent: dataSourceId, title: "Row" });
    const { result } = await rig.run(updatePage, {
      pageId: row.result.id,
      title: "Renamed",
      properties: { stage: "Shipped", Days: "12.5", Area: ["Mobile"], Reviewed: "no", Due: "" },
    });
    expect(valuesOf(result)).toMatchObject({
      Task: "Renamed",
      Stage: "Shipped",
      Days: 12.5,
      Area: ["Mobile"],
      Reviewed: false,
      Due: null,
    });
  });

  test("a title longer than Notion takes in one item is kept whole", async () => {
    const title = "long ".repeat(900);
    const { result } = await rig.run(updatePage, { pageId, title });
    expect(titleOf(result)).toBe(title);
  });

  test("refuses to change nothing", async () => {
    await expect(rig.run(updatePage, { pageId })).rejects.toThrow("Nothing is given");
  });

  test("a page that is not there says so", async () => {
    const step = rig.run(updatePage, {
      pageId: "3ac0de10-ca1a-81d2-8a01-0000000000ff",
      title: "x",
    });
    await expect(step).rejects.toMatchObject({
      status: 404,
      code: "object_not_found",
      message: expect.stringContaining("open it in Notion, choose ••• › Connections"),
    });
  });

  test("what is no id is refused before anything is asked", async () => {
    await expect(rig.run(updatePage, { pageId: "Subject", title: "x" })).rejects.toThrow(
      '"Subject" is no page id',
    );
    expect(await rig.requests()).toEqual([]);
  });
});

describe("get-page", () => {
  test("reads a page by its link", async () => {
    const link = `https://app.notion.com/p/Subject-${pageId.replaceAll("-", "")}`;
    const { result } = await rig.run(getPage, { pageId: link });
    expect(result.id).toBe(pageId);
    expect(await rig.writes()).toEqual([]);
  });

  test("reads only the properties asked for", async () => {
    const { result: row } = await rig.run(createPage, { parent: dataSourceId, title: "Row" });
    const { result } = await rig.run(getPage, { pageId: row.id, properties: ["Stage", "Days"] });
    expect(Object.keys(result.properties ?? {}).toSorted()).toEqual(["Days", "Stage"]);
  });
});

describe("archive-page and restore-page", () => {
  test("move a page to the trash and back, each as well twice", async () => {
    for (const inTrash of [true, true, false, false]) {
      const { result } = await rig.run(inTrash ? archivePage : restorePage, { pageId });
      expect(result.in_trash).toBe(inTrash);
    }
    expect(await rig.writes()).toHaveLength(4);
  });
});

describe("search-pages", () => {
  test("finds pages by words of their titles, and no data sources", async () => {
    const { result, nextCursor } = await rig.run(searchPages, { query: "release" });
    expect(result.map((page) => titleOf(page))).toEqual(["Kick-off, spring release"]);
    expect(nextCursor).toBeNull();
    expect(await rig.writes()).toEqual([]);
  });

  test("goes on from a cursor", async () => {
    const all = await rig.run(searchPages, {});
    const first = await rig.run(searchPages, { limit: 3 });
    expect(first.result).toHaveLength(3);
    const rest = await rig.run(searchPages, { cursor: first.nextCursor });
    const ids = [...first.result, ...rest.result].map(({ id }) => id);
    expect(ids).toEqual(all.result.map(({ id }) => id));
  });

  test("collects more pages than one answer holds", async () => {
    const { result: home } = await rig.run(createPage, { parent: handbook, title: "Many" });
    for (let index = 0; index < 120; index += 1) {
      await rig.client.request("POST", "/v1/pages", {
        body: {
          parent: { page_id: home.id },
          properties: { title: { title: [{ text: { content: `Numbered ${index}` } }] } },
        },
      });
    }
    const { result, nextCursor } = await rig.run(searchPages, { query: "Numbered", limit: 110 });
    expect(new Set(result.map(({ id }) => id)).size).toBe(110);
    expect(nextCursor).toEqual(expect.any(String));
  });
});

describe("move-page", () => {
  test("moves a page into another and, twice, into a data source by its database's id", async () => {
    const home = await findPageId(rig, "Expenses");
    const moved = await rig.run(movePage, { pageId, parent: home });
    expect(moved.result.parent).toMatchObject({ page_id: home });
    for (const _ of [1, 2]) {
      const { result } = await rig.run(movePage, { pageId, parent: databaseId });
      expect(result.parent).toMatchObject({ data_source_id: dataSourceId });
      expect(valuesOf(result)).toMatchObject({ Task: "Subject" });
    }
  });

  test("does not move to the top of the workspace", async () => {
    await expect(rig.run(movePage, { pageId, parent: "workspace" })).rejects.toThrow(
      "to a page or data source only",
    );
  });
});

test("a missing capability is named", async () => {
  const reading = await rig.mintToken({ capabilities: { updateContent: false } });
  await expect(rig.run(archivePage, { pageId }, rig.clientOf(reading))).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('"Update content"'),
  });
  const inserting = await rig.mintToken({ capabilities: { insertContent: false } });
  await expect(
    rig.run(createPage, { parent: handbook, title: "x" }, rig.clientOf(inserting)),
  ).rejects.toThrow('"Insert content"');
});
