import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readDataSource } from "../data-sources/data-source.ts";
import {
  computedProperties,
  makeDatabase,
  writableProperties,
} from "../data-sources/testing/make-database.ts";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { crashPoints } from "../testing/step.ts";
import { createDatabase } from "./create-database.ts";
import { createDataSource } from "./create-data-source.ts";
import { getDatabase } from "./get-database.ts";
import { getDataSource } from "./get-data-source.ts";
import { listDataSources } from "./list-data-sources.ts";
import { updateDatabase } from "./update-database.ts";
import { updateDataSource } from "./update-data-source.ts";

let rig: ActionRig;
let page: string;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  page = await findPageId(rig, "Handbook");
});
beforeEach(async () => {
  await rig.clearFaults();
  await rig.forgetRequests();
});
afterAll(() => rig.close());

async function typesOf(id: string): Promise<Record<string, string>> {
  const { properties } = await readDataSource(rig.client, id);
  return Object.fromEntries(Object.values(properties).map(({ name, type }) => [name, type]));
}

describe("a database", () => {
  it("is made with properties of every type, and read", async () => {
    const properties = [...writableProperties, ...computedProperties];
    const { result } = await rig.run(createDatabase, {
      page,
      title: "All types",
      description: "Of everything one.",
      properties,
      propertiesJson: '{"Cost": {"number": {"format": "euro"}}}',
      inline: true,
      icon: "🚀",
      cover: "https://example.com/c.png",
    });
    const expected = Object.fromEntries(properties.map(({ name, type }) => [name, type]));
    expect(await typesOf(result.id)).toEqual({ ...expected, Cost: "number" });
    const read = await rig.run(getDatabase, { database: result.id });
    expect(read.result).toMatchObject({
      is_inline: true,
      icon: { emoji: "🚀" },
      description: [{ plain_text: "Of everything one." }],
    });
  });

  it("has a title property in any case", async () => {
    const { result } = await rig.run(createDatabase, { page });
    expect(await typesOf(result.id)).toEqual({ Name: "title" });
  });

  it("is made once where Notion answers 503 after it was saved", async () => {
    const rule = { method: "POST", path: "/v1/*", times: 2 };
    await rig.fault(rule, { status: 503, when: "after_save" });
    const { result } = await rig.run(createDatabase, { page, title: "Saved" });
    expect(result.title).toMatchObject([{ plain_text: "Saved" }]);
    const second = await rig.run(createDataSource, { database: result.id, title: "Another" });
    expect(second.result.title).toMatchObject([{ plain_text: "Another" }]);
    expect(await rig.writes()).toHaveLength(2);
  });

  it("is changed, moved, put into the trash and back", async () => {
    const { result: made } = await rig.run(createDatabase, { page, title: "Before" });
    const database = made.id;
    const { result } = await rig.run(updateDatabase, {
      database,
      title: "After",
      locked: true,
      inline: true,
      icon: "🏔",
    });
    expect(result).toMatchObject({
      title: [{ plain_text: "After" }],
      is_locked: true,
      is_inline: true,
      icon: { emoji: "🏔" },
    });
    const gone = await rig.run(updateDatabase, { database, inTrash: true });
    expect(gone.result.in_trash).toBe(true);
    const back = await rig.run(updateDatabase, { database, inTrash: false });
    expect(back.result.in_trash).toBe(false);
    await expect(rig.run(updateDatabase, { database })).rejects.toThrow("Nothing to change");
  });

  it.each<[object, string]>([
    [
      { name: "A", type: "formula" },
      'Property "A" (formula) cannot be made: this type needs "expression".',
    ],
    [{ name: "A", type: "number", options: ["x"] }, 'this type takes no "options"'],
    [{ name: "A", type: "select", options: ["x", "x"] }, 'its option "x" is given twice'],
    [{ name: "A", type: "select", options: ["x, y"] }, "has a comma"],
    [{ name: "A", type: "relation", relatedTo: "nowhere" }, "is no data source id"],
  ])("is not made with the property %j", async (property, message) => {
    const input = { page, properties: [property] };
    await expect(rig.run(createDatabase, input)).rejects.toThrow(message);
    expect(await rig.writes()).toEqual([]);
  });

  it("is not made with one name twice, or a type that is none", async () => {
    const twice = [
      { name: "A", type: "number" },
      { name: "A", type: "date" },
    ];
    await expect(rig.run(createDatabase, { page, properties: twice })).rejects.toThrow(
      "its name is given twice",
    );
    const unknown = [{ name: "A", type: "colour" }];
    await expect(rig.run(createDatabase, { page, properties: unknown })).rejects.toThrow("type");
  });
});

describe("a data source", () => {
  it("is added to a database, read and listed", async () => {
    const source = await makeDatabase(rig, [], "Two sources");
    const { result } = await rig.run(createDataSource, {
      database: source.databaseId,
      title: "Second",
      properties: [
        { name: "Related", type: "relation", relatedTo: source.id, twoWay: true },
        { name: "Names", type: "rollup", relation: "Related", property: "Name", function: "count" },
      ],
    });
    expect(await typesOf(result.id)).toEqual({
      Name: "title",
      Related: "relation",
      Names: "rollup",
    });
    expect(Object.values(await typesOf(source.id))).toContain("relation");
    const read = await rig.run(getDataSource, { dataSource: result.id });
    expect(read.result.id).toBe(result.id);
    const listed = await rig.run(listDataSources, { database: source.databaseId });
    expect(listed.result.map(({ name }) => name)).toEqual(["Two sources", "Second"]);
    const found = await rig.run(listDataSources, { search: "Second" });
    expect(found.result).toEqual([
      { id: result.id, name: "Second", databaseId: source.databaseId },
    ]);
  });

  it("gets, renames and loses properties and gets options in one request", async () => {
    const source = await makeDatabase(rig, writableProperties, "Changes");
    await rig.forgetRequests();
    await rig.run(updateDataSource, {
      dataSource: source.id,
      title: "Changed",
      add: [{ name: "Cost", type: "number", format: "euro" }],
      rename: [{ property: "number", name: "Amount" }],
      remove: ["place"],
      addOptions: [{ property: "select", options: ["High", { name: "Huge", color: "red" }] }],
      propertiesJson: { email: { name: "Mail" } },
    });
    expect(await rig.writes()).toHaveLength(1);
    const types = await typesOf(source.id);
    expect(types).toMatchObject({ Cost: "number", Amount: "number", Mail: "email" });
    expect(types).not.toHaveProperty("place");
    const after = await readDataSource(rig.client, source.id);
    const options = after.properties["select"]?.select?.options;
    expect(options?.map(({ name }) => name)).toEqual(["High", "Low", "Huge"]);
    expect(options?.[0]?.id).toBe(source.properties["select"]?.select?.options[0]?.id);
  });

  it.each<[object, string]>([
    [{ remove: ["Colour"] }, 'There is no property "Colour"'],
    [{ remove: ["title"] }, '"title" is the title, which has to stay'],
    [{ rename: [{ property: "number", name: "date" }] }, 'there is a property "date" already'],
    [{ add: [{ name: "date", type: "date" }] }, 'there is a property "date" already'],
    [{ remove: ["date"], rename: [{ property: "date", name: "x" }] }, "changed in two ways"],
    [{ addOptions: [{ property: "number", options: ["x"] }] }, "has no options"],
    [{ propertiesJson: "[]" }, '"More changes as JSON"'],
    [{}, "Nothing to change"],
  ])("refuses %j", async (changes, message) => {
    const source = await makeDatabase(rig, writableProperties, "Refusals");
    await rig.forgetRequests();
    const update = rig.run(updateDataSource, { dataSource: source.id, ...changes });
    await expect(update).rejects.toThrow(message);
    expect(await rig.writes()).toEqual([]);
  });

  it("is changed once, wherever the process dies", async () => {
    for (const crash of crashPoints(2)) {
      const source = await makeDatabase(rig, writableProperties, "Crash");
      const step = rig.step(updateDataSource, {
        dataSource: source.id,
        add: [{ name: "Cost", type: "number" }],
        rename: [{ property: "number", name: "Amount" }],
        remove: ["place"],
        addOptions: [{ property: "select", options: ["Huge"] }],
      });
      await rig.forgetRequests();
      await step.attemptThrough(crash);
      expect(await rig.writes()).toHaveLength(1);
      expect(await typesOf(source.id)).toMatchObject({ Cost: "number", Amount: "number" });
    }
  });

  it("is changed once where Notion answers 503 after it was saved", async () => {
    const source = await makeDatabase(rig, writableProperties, "Saved at 503");
    await rig.fault({ method: "PATCH", times: 1 }, { status: 503, when: "after_save" });
    const step = rig.step(updateDataSource, {
      dataSource: source.id,
      rename: [{ property: "number", name: "Amount" }],
    });
    await expect(step.attempt()).rejects.toMatchObject({ status: 503 });
    const { result } = await step.attempt();
    expect(result.properties).toHaveProperty("Amount");
  });

  it("goes to the trash and comes back", async () => {
    const source = await makeDatabase(rig, [], "Trash");
    await rig.run(updateDataSource, { dataSource: source.id, inTrash: true });
    const { result } = await rig.run(updateDataSource, { dataSource: source.id, inTrash: false });
    expect(result.in_trash).toBe(false);
  });
});
