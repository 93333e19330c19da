import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DataSource } from "../data-sources/data-source.ts";
import { dataSourceProperties } from "../data-sources/data-source-shape.ts";
import { properties } from "../data-sources/property-picker.ts";
import {
  makeDatabase,
  makeItem,
  writableProperties,
} from "../data-sources/testing/make-database.ts";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import { crashPoints } from "../testing/step.ts";
import { createDataSource } from "./create-data-source.ts";
import { createDataSourceItem } from "./create-data-source-item.ts";
import { getDataSourceItem } from "./get-data-source-item.ts";
import { queryDataSource } from "./query-data-source.ts";
import { updateDataSource } from "./update-data-source.ts";
import { updateDataSourceItem } from "./update-data-source-item.ts";

let rig: ActionRig;
let source: DataSource & { databaseId: string };

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  source = await makeDatabase(rig, writableProperties);
  await rig.run(updateDataSource, {
    dataSource: source.id,
    add: [{ name: "relation", type: "relation", relatedTo: source.id }],
  });
});
beforeEach(async () => {
  await rig.clearFaults();
  await rig.forgetRequests();
});
afterAll(() => rig.close());

const dataSource = (): string => source.id;

describe("an item", () => {
  it("is made with properties and content, and shown as a page and as plain values", async () => {
    const { result } = await rig.run(createDataSourceItem, {
      dataSource: dataSource(),
      properties: { title: "New", number: "4", select: "High", date: "2026-03-01" },
      content: "# Plan\n\nWords.",
      icon: "🚀",
    });
    expect(result.properties).toMatchObject({ title: "New", number: 4, select: "High" });
    expect(result.page).toMatchObject({ object: "page", id: result.id, icon: { emoji: "🚀" } });
    const blocks: any = await rig.client.request("GET", `/v1/blocks/${result.id}/children`);
    expect(blocks.results.map(({ type }: any) => type)).toEqual(["heading_1", "paragraph"]);
  });

  it("is made with blocks", async () => {
    const text = { paragraph: { rich_text: [{ text: { content: "Words" } }] } };
    const { result } = await rig.run(createDataSourceItem, {
      dataSource: dataSource(),
      children: Array.from({ length: 120 }, () => text),
    });
    const { results }: any = await rig.client.request("GET", `/v1/blocks/${result.id}/children`, {
      query: { start_cursor: undefined },
    });
    expect(results).toHaveLength(100);
  });

  it("is not made with Markdown and blocks at once", async () => {
    const input = { dataSource: dataSource(), content: "a", children: [{ divider: {} }] };
    await expect(rig.run(createDataSourceItem, input)).rejects.toThrow("not both");
    expect(await rig.writes()).toEqual([]);
  });

  it("is made by its database's id where that has one data source", async () => {
    const { result } = await rig.run(createDataSourceItem, {
      dataSource: `https://www.notion.so/acme/${source.databaseId.replaceAll("-", "")}?v=1`,
      properties: { title: "By database" },
    });
    expect(result.page.parent).toMatchObject({ data_source_id: source.id });
  });

  it("is read with all its references, where Notion shows the first 25", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(await makeItem(rig.client, source.id, {}));
    const id = await makeItem(rig.client, source.id, {
      relation: { relation: ids.map((one) => ({ id: one })) },
    });
    const { result } = await rig.run(getDataSourceItem, { item: id });
    expect(result.properties["relation"]).toEqual(ids);
    expect(result.page.properties["relation"]).toMatchObject({ has_more: false });
  });

  it("is changed in what is given, and stays as it is in the rest", async () => {
    const item = await makeItem(rig.client, source.id, {
      number: { number: 1 },
      select: { select: { name: "High" } },
    });
    const { result } = await rig.run(updateDataSourceItem, {
      item,
      properties: { number: 2, select: null, checkbox: "yes" },
    });
    expect(result.properties).toMatchObject({ number: 2, select: null, checkbox: true });
    const again = await rig.run(updateDataSourceItem, {
      item,
      dataSource: dataSource(),
      properties: { email: "a@example.com" },
      icon: "🚀",
    });
    expect(again.result.properties).toMatchObject({ number: 2, email: "a@example.com" });
  });

  it("is not changed by nothing", async () => {
    const item = await makeItem(rig.client, source.id, {});
    await expect(rig.run(updateDataSourceItem, { item })).rejects.toThrow("Nothing to change");
  });

  it("is not written with wrong values, and nothing is sent", async () => {
    const input = { dataSource: dataSource(), properties: { number: "many", Colour: 1 } };
    const error: any = await rig
      .run(createDataSourceItem, input)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toContain('Property "number" (number) does not take "many"');
    expect(error.message).toContain('There is no property "Colour"');
    expect(await rig.writes()).toEqual([]);
  });

  it("is made once, wherever the process dies", async () => {
    const input = { dataSource: dataSource(), properties: { title: "Crash" }, content: "Words." };
    const whole = rig.step(createDataSourceItem, input);
    await whole.attempt();
    for (const [index, crash] of crashPoints(whole.partsDone).entries()) {
      const title = `Crash ${index}`;
      const step = rig.step(createDataSourceItem, { ...input, properties: { title } });
      const { result } = await step.attemptThrough(crash);
      const row = { property: "title", condition: "equals", value: title };
      const found = await rig.run(queryDataSource, { dataSource: source.id, filters: [row] });
      expect(found.result.items.map(({ id }) => id)).toEqual([result.id]);
    }
  });

  it("is made once where Notion answers 503 after it was saved", async () => {
    const rule = { method: "POST", path: "/v1/pages", times: 1 };
    await rig.fault(rule, { status: 503, when: "after_save" });
    const step = rig.step(createDataSourceItem, {
      dataSource: dataSource(),
      properties: { title: "Saved at 503" },
    });
    await step.attempt().catch(() => step.attempt());
    const row = { property: "title", condition: "equals", value: "Saved at 503" };
    const { result } = await rig.run(queryDataSource, { dataSource: source.id, filters: [row] });
    expect(result.items).toHaveLength(1);
  });
});

describe("errors of Notion", () => {
  it.each([429, 409, 503])("with status %i reach the engine as they are", async (status) => {
    await rig.fault({ path: "/v1/data_sources/**", times: 1 }, { status, retryAfter: 7 });
    const error: any = await rig
      .run(queryDataSource, { dataSource: dataSource() })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ProviderError", status });
    expect(error.retryAfterMs).toBe(status === 409 ? undefined : 7_000);
  });

  it("say that a data source is not shared, or not there", async () => {
    const missing = "11111111-1111-4111-8111-111111111111";
    await expect(rig.run(queryDataSource, { dataSource: missing })).rejects.toThrow(
      `The data source ${missing} is not shared with this connection, or it does not exist`,
    );
    const token = await rig.mintToken({ pageIds: [] });
    const blind = rig.run(queryDataSource, { dataSource: dataSource() }, rig.clientOf(token));
    await expect(blind).rejects.toThrow("is not shared with this connection");
  });

  it("say that an id is none", async () => {
    await expect(rig.run(getDataSourceItem, { item: "My item" })).rejects.toThrow("is no page id");
  });
});

describe("a query", () => {
  it("goes on over pages of results to its limit, and from its cursor", async () => {
    const many = await makeDatabase(rig, [{ name: "n", type: "number" }], "Many");
    for (let n = 0; n < 130; n += 1) {
      await makeItem(rig.client, many.id, { n: { number: n } });
    }
    await rig.forgetRequests();
    const sorts = [{ property: "N", direction: "descending" }];
    const { result } = await rig.run(queryDataSource, { dataSource: many.id, limit: 120, sorts });
    expect(result.items).toHaveLength(120);
    expect(result.pages).toHaveLength(120);
    expect(result.items[0]?.properties["n"]).toBe(129);
    expect((await rig.requests()).filter(({ path }) => path.endsWith("/query"))).toHaveLength(2);
    const rest = await rig.run(queryDataSource, {
      dataSource: many.id,
      sorts,
      cursor: result.nextCursor,
    });
    expect(rest.result.items.map(({ properties }) => properties["n"])).toEqual([
      9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ]);
    expect(rest.result).toMatchObject({ nextCursor: null, incomplete: false });
  });

  it("says so where more items meet it than Notion gives of one query", async () => {
    const huge = await makeDatabase(rig, [], "Huge");
    for (let made = 0; made < 10_001; made += 73) {
      const batch = Array.from({ length: Math.min(73, 10_001 - made) });
      await Promise.all(batch.map(() => makeItem(rig.client, huge.id, {})));
    }
    const { result } = await rig.run(queryDataSource, { dataSource: huge.id, limit: 10_000 });
    expect(result.items).toHaveLength(10_000);
    expect(result).toMatchObject({ nextCursor: null, incomplete: true });
  }, 120_000);

  it("names the data sources of a database with several", async () => {
    const database = source.databaseId;
    const { result } = await rig.run(createDataSource, { database, title: "Second" });
    const error: any = await rig
      .run(queryDataSource, { dataSource: database })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toContain(`"Everything" is a database with 2 data sources.`);
    expect(error.message).toContain(`"Second" (${result.id})`);
    expect(error.details.dataSources).toHaveLength(2);
    await rig.client.request("PATCH", `/v1/data_sources/${result.id}`, {
      body: { in_trash: true },
    });
  });
});

it("the properties of a data source are choices of the filter's rows", async () => {
  const ask = { client: rig.client, cursor: undefined, input: { dataSource: source.id } };
  const { choices } = await properties.load({ ...ask, search: "MULTI" });
  expect(choices).toEqual([
    { value: "multi_select", label: "multi_select", description: "multi_select" },
  ]);
  const none = await properties.load({ ...ask, search: "", input: {} });
  expect(none).toEqual({ choices: [], nextCursor: undefined });
});

it("the form's fields follow the data source", async () => {
  const { client } = rig;
  const shape = await dataSourceProperties.read({ client, input: { dataSource: source.id } });
  expect(Object.keys(shape.shape)[0]).toBe("title");
  expect(Object.keys(shape.shape).toSorted()).toEqual(
    [...writableProperties.map(({ name }) => name), "relation"].toSorted(),
  );
  const { properties } = shape.toJSONSchema();
  expect(properties?.["select"]).toMatchObject({
    title: "select",
    ui: { widget: "select", choices: ["High", "Low"] },
  });
  const none = await dataSourceProperties.read({ client, input: {} });
  expect(none.shape).toEqual({});
});
