import { updateDataSource } from "../actions/update-data-source.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createActionRig, type ActionRig } from "../testing/action-rig.ts";
import { type DataSource, readDataSource } from "./data-source.ts";
import { readItemPage } from "./item.ts";
import { choosePerson } from "../people/users.ts";
import { createLookups, type Lookups } from "./lookups.ts";
import { fromPropertyValues } from "./plain-values.ts";
import { toPropertyValue, toPropertyValues } from "./property-values.ts";
import {
  computedProperties,
  makeDatabase,
  makeItem,
  person,
  writableProperties,
} from "./testing/make-database.ts";

let rig: ActionRig;
let source: DataSource;
let lookups: Lookups;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  source = await makeDatabase(rig, [...writableProperties, ...computedProperties]);
  await rig.run(updateDataSource, {
    dataSource: source.id,
    add: [
      { name: "relation", type: "relation", relatedTo: source.id },
      {
        name: "rollup",
        type: "rollup",
        relation: "relation",
        property: "title",
        function: "show_original",
      },
    ],
  });
  source = await readDataSource(rig.client, source.id);
  lookups = createLookups(rig.client);
});
afterAll(() => rig.close());

/** Writes a plain value as an item and reads it back as one. */
async function write(values: Record<string, unknown>): Promise<Record<string, unknown>> {
  const properties = await toPropertyValues(source.properties, values, lookups);
  const id = await makeItem(rig.client, source.id, properties);
  return fromPropertyValues((await readItemPage(rig.client, id)).properties);
}

function value(name: string, given: unknown): Promise<Record<string, unknown>> {
  const schema = source.properties[name];
  if (!schema) throw new Error(`No property ${name}`);
  return toPropertyValue(schema, given, lookups);
}

const everything = {
  title: "A title",
  rich_text: "Some words",
  number: 12.5,
  checkbox: true,
  url: "https://example.com/a",
  email: "a@example.com",
  phone_number: "+49 89 1234",
  select: "High",
  multi_select: ["red", "green"],
  status: "In progress",
  date: "2026-03-01",
  files: [{ name: "a.pdf", url: "https://example.com/a.pdf" }],
  place: {
    lat: 48.1,
    lon: 11.6,
    name: "Office",
    address: null,
    aws_place_id: null,
    google_place_id: null,
  },
};

describe("plain values", () => {
  it("come back from Notion as they were written, for every type that is written", async () => {
    const other = await makeItem(rig.client, source.id, {});
    const read = await write({ ...everything, people: [person.ada], relation: [other] });
    expect(read).toMatchObject({
      ...everything,
      people: [{ id: person.ada, name: "Ada Acker", email: "ada@acme.example" }],
      relation: [other],
    });
    const again = await write(
      Object.fromEntries(
        Object.entries(read).filter(([name]) =>
          [...Object.keys(everything), "people", "relation"].includes(name),
        ),
      ),
    );
    expect(again).toMatchObject(everything);
    expect(again["people"]).toEqual(read["people"]);
  });

  it("show what Notion computes", async () => {
    const related = await makeItem(rig.client, source.id, {
      title: { title: [{ text: { content: "Related" } }] },
    });
    const read = await write({ number: 4, relation: related });
    expect(read["formula"]).toBe(8);
    expect(read["rollup"]).toEqual(["Related"]);
    expect(read["unique_id"]).toMatch(/^TASK-\d+$/);
    expect(read["created_time"]).toMatch(/^\d{4}-\d{2}-\d{2}T/);
    expect(read["created_by"]).toMatchObject({ id: expect.any(String) });
  });

  it.each([
    ["title", null, { title: [] }],
    ["rich_text", "", { rich_text: [] }],
    ["number", "", { number: null }],
    ["checkbox", null, { checkbox: false }],
    ["url", null, { url: null }],
    ["select", " ", { select: null }],
    ["multi_select", "", { multi_select: [] }],
    ["status", null, { status: null }],
    ["date", null, { date: null }],
    ["people", null, { people: [] }],
    ["relation", "", { relation: [] }],
    ["files", null, { files: [] }],
    ["place", null, { place: null }],
  ])("empty a %s with %j", async (name, given, expected) => {
    expect(await value(name, given)).toEqual(expected);
  });

  it.each([
    ["title", 5, { title: [{ type: "text", text: { content: "5" } }] }],
    ["number", " 12.50 ", { number: 12.5 }],
    ["number", { number: 3 }, { number: 3 }],
    ["number", { type: "number", number: "3" }, { number: 3 }],
    ["checkbox", "Yes", { checkbox: true }],
    ["checkbox", 0, { checkbox: false }],
    ["phone_number", 112, { phone_number: "112" }],
    ["select", "high", { select: { name: "High" } }],
    ["select", { name: "New" }, { select: { name: "New" } }],
    ["select", { select: { name: "Low" } }, { select: { name: "Low" } }],
    ["multi_select", "Red, new,RED", { multi_select: [{ name: "red" }, { name: "new" }] }],
    ["status", "done", { status: { name: "Done" } }],
    ["date", "2026-03-01T09:30:00Z", { date: { start: "2026-03-01T09:30:00Z" } }],
    ["date", "2026-03-01/2026-03-05", { date: { start: "2026-03-01", end: "2026-03-05" } }],
    [
      "date",
      { start: "2026-03-01T09:30", time_zone: "Europe/Berlin" },
      { date: { start: "2026-03-01T09:30", time_zone: "Europe/Berlin" } },
    ],
    ["people", "ada@acme.example, Ben Brook", { people: [{ id: person.ada }, { id: person.ben }] }],
    ["people", { id: person.ada }, { people: [{ id: person.ada }] }],
    [
      "relation",
      "https://www.notion.so/acme/A-page-3ac0de10ca1a4a018a010000000000a1",
      { relation: [{ id: person.ada }] },
    ],
    [
      "files",
      "https://example.com/dir/b.png?x=1",
      {
        files: [
          {
            name: "b.png",
            type: "external",
            external: { url: "https://example.com/dir/b.png?x=1" },
          },
        ],
      },
    ],
    ["files", person.ada, { files: [{ type: "file_upload", file_upload: { id: person.ada } }] }],
    [
      "files",
      { object: "file_upload", id: person.ada, filename: "c.txt" },
      { files: [{ name: "c.txt", type: "file_upload", file_upload: { id: person.ada } }] },
    ],
    ["place", "48.1, 11.6", { place: { lat: 48.1, lon: 11.6 } }],
  ])("are coerced for a %s: %j", async (name, given, expected) => {
    expect(await value(name, given)).toEqual(expected);
  });

  it("split a text over 2,000 letters into pieces that Notion takes", async () => {
    const long = "word ".repeat(1_000);
    const { rich_text: items } = await value("rich_text", long);
    expect(items).toHaveLength(3);
    expect((await write({ title: "Long", rich_text: long }))["rich_text"]).toBe(long);
  });

  it("show a date with a named time zone at its offset", async () => {
    const date = { start: "2026-03-01T09:30:00", end: null, time_zone: "Europe/Berlin" };
    expect((await write({ date }))["date"]).toBe("2026-03-01T09:30:00.000+01:00");
  });
});

describe("wrong values", () => {
  it.each([
    ["title", { a: 1 }, "rich text"],
    ["number", "soon", "write a number"],
    ["number", Number.NaN, "write a number"],
    ["number", true, "write a number"],
    ["checkbox", "maybe", "true or false"],
    ["email", ["a"], "e-mail"],
    ["select", "a, b", "no comma"],
    ["select", ["High"], "name of an option"],
    ["status", "Nearly", "Not started, In progress, Done"],
    ["multi_select", [5], "name of an option"],
    ["date", "tomorrow", "ISO 8601"],
    ["date", "2026-02-30", "ISO 8601"],
    ["date", "2026-03-05/2026-03-01", "ISO 8601"],
    ["date", { start: "2026-03-01T10:00", time_zone: "Mars/Base" }, "ISO 8601"],
    ["people", "nobody@acme.example", "no such person"],
    ["people", [7], "write a person's id"],
    ["relation", "Some page", "id or the address of a page"],
    ["files", "not an address", "address of a file"],
    ["place", { lat: 100, lon: 0 }, '"lat"'],
    ["place", "48.1", '"lat"'],
  ])("of a %s are refused: %j", async (name, given, advice) => {
    const error: any = await value(name, given).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "AppError", code: "invalid_input", status: 400 });
    expect(error.message).toContain(`Property "${name}" (${name}) does not take`);
    expect(error.message).toContain(advice);
  });

  it("that are too long or too many are refused", async () => {
    await expect(value("url", "x".repeat(2_001))).rejects.toThrow("at most 2000 letters");
    await expect(value("title", "x".repeat(200_001))).rejects.toThrow("longer than the 100 pieces");
    for (const name of ["relation", "people"]) {
      const ids = Array.from({ length: 101 }, () => person.ada);
      await expect(value(name, ids)).rejects.toThrow("at most 100 items");
    }
  });

  it.each([...computedProperties.map(({ name }) => name), "rollup"])(
    "of a %s are refused, since Notion sets it",
    async (name) => {
      await expect(value(name, "x")).rejects.toThrow(
        new RegExp(`^Property "${name}" \\(${name}\\) does not take "x": .*Leave it out\\.$`),
      );
    },
  );

  it("are told all at once, beside names that are not there", async () => {
    const error: any = await toPropertyValues(
      source.properties,
      { number: "x", Nubmer: 5, date: "soon", title: "fine", skipped: undefined },
      lookups,
    ).catch((thrown: unknown) => thrown);
    expect(error.message).toContain('Property "number"');
    expect(error.message).toContain('There is no property "Nubmer". The properties are: ');
    expect(error.message).toContain('Property "date"');
    expect(error.details.faults).toHaveLength(3);
  });

  it("name two people of one name apart", () => {
    const people = [
      { object: "user" as const, id: "1", name: "Kim", person: { email: "k1@acme.example" } },
      { object: "user" as const, id: "2", name: "Kim", person: { email: "k2@acme.example" } },
    ];
    const refuse = (advice: string): Error => new Error(advice);
    expect(() => choosePerson(people, "kim", refuse)).toThrow("k1@acme.example, k2@acme.example");
    expect(choosePerson(people, "K2@acme.example", refuse).id).toBe("2");
  });
});

it("properties are found by id, encoded or not, and by name in other letter case", async () => {
  const id = source.properties["number"]?.id ?? "";
  const written = await toPropertyValues(
    source.properties,
    {
      [id]: 1,
      [decodeURIComponent(source.properties["date"]?.id ?? "")]: "2026-01-01",
      TITLE: "x",
    },
    lookups,
  );
  expect(Object.keys(written)).toEqual(["number", "date", "title"]);
});
