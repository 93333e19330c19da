import type { Trigger } from "@tenon/connector";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDatabase } from "../data-sources/testing/make-database.ts";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { commentAdded } from "./comment-added.ts";
import { comment } from "./comment.ts";
import { dataSourceItemCreated } from "./data-source-item-created.ts";
import { triggers } from "./index.ts";
import { pageCreated } from "./page-created.ts";
import { pagePropertiesUpdated } from "./page-properties-updated.ts";
import { pageUpdated } from "./page-updated.ts";
import { page } from "./page.ts";

let rig: ActionRig;
let handbook: string;
let source: Awaited<ReturnType<typeof makeDatabase>>;
let item: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
  source = await makeDatabase(rig, [
    { name: "Name", type: "title" },
    { name: "Status", type: "status" },
    { name: "Days", type: "number" },
  ]);
  item = await make({ data_source_id: source.id });
});
afterAll(() => rig.close());

async function send(method: "POST" | "PATCH", path: string, body: object): Promise<any> {
  return rig.client.request(method, `/v1/${path}`, { body });
}
async function make(parent: object): Promise<string> {
  return (await send("POST", "pages", { parent })).id;
}

const none: { changes: string[]; details: object } = { changes: [], details: {} };

/** Whether a change of a page, as it is now, is what a trigger's input asks for. */
async function asks(trigger: Trigger, id: string, input: object, change = none): Promise<boolean> {
  const watched = trigger.object === "page" ? page : comment;
  const seen = await watched.observe({ client: rig.client, id, deep: false });
  await rig.forgetRequests();
  const matched = await trigger.matches?.({
    input: trigger.input.parse(input),
    result: JSON.parse(JSON.stringify(seen?.result)),
    changes: change.changes,
    details: change.details as Record<string, unknown>,
    client: rig.client,
  });
  return matched ?? true;
}

describe("a trigger about pages", () => {
  it("asks for every page where nothing narrows it, without a request", async () => {
    for (const trigger of triggers.filter(
      ({ object, id }) => object === "page" && !/item/.test(id),
    ))
      expect(await asks(trigger, item, {})).toBe(true);
    expect(await rig.requests()).toEqual([]);
  });

  it("asks for a page itself and for what lies below it, through databases too", async () => {
    const below = (await send("POST", "databases", { parent: { page_id: handbook }, title: [] }))
      .data_sources[0].id;
    const deep = await make({ page_id: await make({ page_id: item }) });
    const outside = await findPageId(rig, "Roadmap");
    for (const id of [handbook, item, deep, await make({ data_source_id: below })]) {
      expect(await asks(pageUpdated, id, { parent: handbook })).toBe(true);
    }
    expect(await asks(pageUpdated, outside, { parent: handbook })).toBe(false);
    expect(await asks(pageUpdated, handbook, { parent: item })).toBe(false);
  });

  it("takes an id in any form for a page, and what is no page for one around it", async () => {
    for (const parent of [
      handbook.replaceAll("-", ""),
      `https://app.notion.com/p/Handbook-${handbook.replaceAll("-", "")}`,
      source.id,
      source.databaseId,
    ]) {
      expect(await asks(pageCreated, item, { parent })).toBe(true);
    }
  });

  it("asks for nothing where what lies around a page is hidden from the connection", async () => {
    const below = await make({ page_id: await make({ page_id: item }) });
    const narrow = rig.clientOf(await rig.mintToken({ pageIds: [below] }));
    const seen = await page.observe({ client: narrow, id: below, deep: false });
    const input = pageCreated.input.parse({ parent: handbook });
    const ask = { input, result: seen?.result, changes: [], details: {}, client: narrow };
    expect(await pageCreated.matches?.(ask)).toBe(false);
  });

  it("throws where Notion cannot tell now", async () => {
    const below = await make({ page_id: item });
    await rig.fault({ path: `/v1/pages/${item}`, times: 1 }, { status: 503 });
    await expect(asks(pageCreated, below, { parent: handbook })).rejects.toMatchObject({
      status: 503,
    });
  });

  it("asks for the items of a data source, or of all of a database", async () => {
    const other = await make({ page_id: handbook });
    for (const dataSource of [source.id, source.databaseId, source.id.replaceAll("-", "")]) {
      for (const trigger of [pageCreated, dataSourceItemCreated]) {
        expect(await asks(trigger, item, { dataSource })).toBe(true);
        expect(await rig.requests()).toEqual([]);
        expect(await asks(trigger, other, { dataSource })).toBe(false);
      }
    }
    const both = { dataSource: source.id, parent: other };
    expect(await asks(pageCreated, item, both)).toBe(false);
  });

  it("has polls look into its data source by itself", () => {
    const bare = source.id.replaceAll("-", "");
    expect(pageUpdated.scope?.(pageUpdated.input.parse({ dataSource: bare }))).toBe(source.id);
    expect(pageUpdated.scope?.(pageUpdated.input.parse({ parent: handbook }))).toBeUndefined();
  });

  it("refuses what is no id, with the next move", () => {
    for (const field of ["parent", "dataSource"]) {
      const read = pageUpdated.input.safeParse({ [field]: "Handbook" });
      expect(read.error?.issues[0]?.message).toContain("write the id, or the link");
    }
    expect(dataSourceItemCreated.input.safeParse({}).success).toBe(false);
  });
});

describe("Page Properties Updated", () => {
  const narrowed = (properties: string | string[], details: object) =>
    asks(pagePropertiesUpdated, item, { properties }, { changes: ["properties"], details });

  it("asks for changes of its properties, by name or id in either form", async () => {
    const { id = "" } = source.properties["Days"] ?? {};
    for (const changed of [{ id }, { id: decodeURIComponent(id), name: "Days" }]) {
      const details = { properties: [{ id: "title" }, changed] };
      for (const name of ["Days", id, decodeURIComponent(id), "Name"]) {
        expect(await narrowed([name], details)).toBe(true);
      }
      expect(await narrowed(["Status", "Gone"], details)).toBe(false);
      expect(await narrowed(["Status", "Days"], details)).toBe(true);
      expect(await narrowed("Days", details)).toBe(true);
      expect(await narrowed("Status", details)).toBe(false);
      expect(await narrowed([], details)).toBe(true);
    }
  });

  it("does not take an icon for a property, but what is not known for any", async () => {
    expect(await narrowed(["Days"], { properties: [] })).toBe(false);
    expect(await narrowed(["Days"], {})).toBe(true);
  });
});

describe("Comment Added", () => {
  const add = async (parent: object): Promise<string> =>
    (await send("POST", "comments", { parent, rich_text: [{ text: { content: "Good." } }] })).id;

  it("asks for comments on its page and on the blocks of it, not on pages below", async () => {
    const children = [{ toggle: { rich_text: [], children: [{ paragraph: { rich_text: [] } }] } }];
    const block = (await send("PATCH", `blocks/${item}/children`, { children })).results[0].id;
    const nested: any = await rig.client.request("GET", `/v1/blocks/${block}/children`);
    const on = [{ page_id: item }, { block_id: nested.results[0].id }];
    for (const parent of on) {
      const id = await add(parent);
      expect(await asks(commentAdded, id, { page: item })).toBe(true);
      expect(await asks(commentAdded, id, { page: handbook })).toBe(false);
      expect(await asks(commentAdded, id, {})).toBe(true);
    }
    const below = await add({ page_id: await make({ page_id: item }) });
    expect(await asks(commentAdded, below, { page: item })).toBe(false);
  });

  it("has polls look at its page", () => {
    expect(commentAdded.scope?.(commentAdded.input.parse({ page: item }))).toBe(item);
    expect(commentAdded.scope?.({})).toBeUndefined();
  });
});
