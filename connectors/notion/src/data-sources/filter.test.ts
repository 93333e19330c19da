import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { queryDataSource } from "../actions/query-data-source.ts";
import { updateDataSource } from "../actions/update-data-source.ts";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import type { DataSource } from "./data-source.ts";
import {
  computedProperties,
  makeDatabase,
  makeItem,
  person,
  writableProperties,
} from "./testing/make-database.ts";

let rig: ActionRig;
let source: DataSource;
/** The items' ids by their title. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  source = await makeDatabase(rig, [...writableProperties, ...computedProperties]);
  await rig.run(updateDataSource, {
    dataSource: source.id,
    add: [
      { name: "relation", type: "relation", relatedTo: source.id },
      rollup("shown", "select", "show_original"),
      rollup("sum", "number", "sum"),
      rollup("latest", "date", "latest_date"),
      { name: "words", type: "formula", expression: 'prop("title") + "!"' },
      { name: "big", type: "formula", expression: 'prop("number") > 5' },
    ],
  });
  const title = (content: string): object => ({ title: [{ text: { content } }] });
  ids["full"] = await makeItem(rig.client, source.id, {
    title: title("full"),
    rich_text: { rich_text: [{ text: { content: "Some words" } }] },
    number: { number: 10 },
    checkbox: { checkbox: true },
    url: { url: "https://example.com" },
    email: { email: "a@example.com" },
    phone_number: { phone_number: "112" },
    select: { select: { name: "High" } },
    multi_select: { multi_select: [{ name: "red" }, { name: "green" }] },
    status: { status: { name: "Done" } },
    date: { date: { start: "2026-03-01" } },
    people: { people: [{ id: person.ada }] },
    files: { files: [{ name: "a", external: { url: "https://example.com/a" } }] },
  });
  ids["related"] = await makeItem(rig.client, source.id, {
    title: title("related"),
    relation: { relation: [{ id: ids["full"] }] },
  });
});
afterAll(() => rig.close());

function rollup(name: string, property: string, calculation: string): object {
  return { name, type: "rollup", relation: "relation", property, function: calculation };
}

async function titles(input: Record<string, unknown>): Promise<unknown[]> {
  const { result } = await rig.run(queryDataSource, { dataSource: source.id, ...input });
  return result.items.map(({ properties }) => String(properties["title"])).toSorted();
}

const full = ["full"];
const related = ["related"];

describe("a row of the filter finds", () => {
  it.each<[string, string, unknown, string[]]>([
    ["title", "starts_with", "fu", full],
    ["rich_text", "contains", "words", full],
    ["rich_text", "is_empty", undefined, related],
    ["number", "greater_than_or_equal_to", "10", full],
    ["number", "is_not_empty", undefined, full],
    ["checkbox", "equals", true, full],
    ["checkbox", "does_not_equal", "yes", related],
    ["url", "ends_with", ".com", full],
    ["email", "equals", "a@example.com", full],
    ["phone_number", "equals", 112, full],
    ["select", "equals", "high", full],
    ["select", "equals", ["High", "Low"], full],
    ["select", "does_not_equal", "High", related],
    ["multi_select", "contains", "red", full],
    ["multi_select", "contains", "green, red", full],
    ["status", "equals", "Done", full],
    ["date", "on_or_after", "2026-02-28", full],
    ["date", "before", "2026-02-28", []],
    ["date", "next_year", undefined, []],
    ["created_time", "on_or_after", "today", [...full, ...related]],
    ["last_edited_time", "past_week", undefined, [...full, ...related]],
    ["people", "contains", "ada@acme.example", full],
    ["people", "contains", "me", []],
    ["created_by", "is_not_empty", undefined, [...full, ...related]],
    ["files", "is_not_empty", undefined, full],
    ["unique_id", "equals", "TASK-1", full],
    ["unique_id", "greater_than", 1, related],
    ["formula", "equals", 20, full],
    ["words", "ends_with", "ed!", related],
    ["big", "equals", true, full],
    ["shown", "equals", "High", related],
    ["sum", "greater_than", 5, related],
    ["latest", "on_or_before", "2026-03-01", related],
  ])("%s %s %j", async (property, condition, value, expected) => {
    const row = { property, condition, ...(value !== undefined && { value }) };
    expect(await titles({ filters: [row] })).toEqual(expected);
  });

  it("related pages by id", async () => {
    const row = { property: "relation", condition: "contains", value: ids["full"] };
    expect(await titles({ filters: [row] })).toEqual(related);
  });

  it("rollups by every or none of their values", async () => {
    const row = { property: "shown", condition: "equals", value: "High" };
    expect(await titles({ filters: [{ ...row, quantifier: "none" }] })).toEqual(full);
  });

  it("formulas compared as what is said", async () => {
    const row = { property: "formula", condition: "equals", value: "20" };
    expect(await titles({ filters: [row] })).toEqual([]);
    expect(await titles({ filters: [{ ...row, compareAs: "number" }] })).toEqual(full);
  });
});

describe("rows", () => {
  const isFull = { property: "title", condition: "equals", value: "full" };
  const isRelated = { property: "title", condition: "equals", value: "related" };

  it("hold all, or any", async () => {
    expect(await titles({ filters: [isFull, isRelated] })).toEqual([]);
    expect(await titles({ filters: [isFull, isRelated], match: "or" })).toEqual([
      ...full,
      ...related,
    ]);
  });

  it("are joined with a filter in JSON, as an object or as text", async () => {
    const filter = { or: [{ property: "number", number: { equals: 10 } }] };
    expect(await titles({ filters: [isFull, isRelated], match: "or", filter })).toEqual(full);
    expect(await titles({ filters: [isRelated], filter: JSON.stringify(filter) })).toEqual([]);
    expect(await titles({ filter })).toEqual(full);
  });

  it("are refused with JSON that is nested as deeply as Notion takes already", async () => {
    const number = { property: "number", number: { equals: 10 } };
    const deep = { or: [{ and: [number, number] }, number] };
    await expect(titles({ filters: [isFull], filter: deep })).rejects.toThrow("nested too deeply");
    const flat = { and: [{ or: [number, number] }] };
    expect(await titles({ filters: [isFull], filter: flat })).toEqual(full);
  });

  it("name the timestamps of the page itself where no property is called so", async () => {
    const own = await makeDatabase(rig, [{ name: "Name", type: "title" }], "Bare");
    await makeItem(rig.client, own.id, {});
    const row = { property: "created_time", condition: "on_or_after", value: "today" };
    const { result } = await rig.run(queryDataSource, {
      dataSource: own.id,
      filters: [row],
      sorts: [{ property: "last_edited_time", direction: "descending" }],
    });
    expect(result.items).toHaveLength(1);
  });
});

describe("a filter is refused", () => {
  it.each<[Record<string, unknown>, string]>([
    [{ property: "Colour", condition: "equals", value: 1 }, 'There is no property "Colour"'],
    [
      { property: "number", condition: "contains", value: 1 },
      'Property "number" (number) does not take "contains": its conditions are equals,',
    ],
    [{ property: "number", condition: "equals", value: "ten" }, "compare it with a number"],
    [{ property: "number", condition: "equals" }, "needs a value"],
    [{ property: "checkbox", condition: "equals", value: "maybe" }, "true or false"],
    [{ property: "select", condition: "equals", value: "Medium" }, "its options are High, Low."],
    [{ property: "date", condition: "before", value: "soon" }, "compare it with a date"],
    [{ property: "people", condition: "contains", value: "nobody" }, "no such person"],
    [{ property: "relation", condition: "contains", value: "x" }, "the id of a page"],
    [{ property: "place", condition: "is_empty" }, "Notion cannot filter by this type"],
    [{ property: "shown", condition: "equals", value: "Medium" }, "its options are High, Low."],
  ])("for %j", async (row, message) => {
    await rig.forgetRequests();
    const error: any = await titles({ filters: [row] }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "invalid_input" });
    expect(error.message).toContain(message);
    const asked = (await rig.requests()).filter(({ path }) => path.endsWith("/query"));
    expect(asked).toEqual([]);
  });

  it("for names in JSON that are not there", async () => {
    const filter = { and: [{ property: "Colour", number: { equals: 1 } }] };
    await expect(titles({ filter })).rejects.toThrow('There is no property "Colour"');
  });

  it("for text that is no JSON", async () => {
    await expect(titles({ filter: "{oops" })).rejects.toThrow('"Filter as JSON" is not JSON');
  });
});
