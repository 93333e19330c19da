import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

let workspace: TestWorkspace;
let home: string;
let database: string;
let source: string;
let people: { id: string }[];

const columns = {
  Task: { title: {} },
  Notes: { rich_text: {} },
  Points: { number: { format: "number" } },
  Done: { checkbox: {} },
  Stage: { select: { options: [{ name: "Now", color: "red" }, { name: "Later" }] } },
  Tags: { multi_select: { options: [] } },
  State: { status: {} },
  Due: { date: {} },
  Who: { people: {} },
  Link: { url: {} },
  Files: { files: {} },
  Number: { unique_id: { prefix: "T" } },
  Made: { created_time: {} },
  Double: { formula: { expression: 'prop("Points") * 2' } },
};

const rows = [
  {
    Task: { title: [{ text: { content: "Alpha" } }] },
    Points: { number: 1 },
    Done: { checkbox: true },
    Stage: { select: { name: "Now" } },
    Tags: { multi_select: [{ name: "red" }, { name: "round" }] },
    Due: { date: { start: "2026-03-01" } },
    Link: { url: "https://example.com/alpha" },
  },
  {
    Task: { title: [{ text: { content: "Beta" } }] },
    Notes: { rich_text: [{ text: { content: "second" } }] },
    Points: { number: 5 },
    Stage: { select: { name: "Later" } },
    State: { status: { name: "Done" } },
    Due: { date: { start: "2026-03-10T09:30:00", time_zone: "Europe/Berlin" } },
  },
  { Task: { title: [{ text: { content: "Gamma" } }] } },
];

beforeAll(async () => {
  workspace = await openWorkspace();
  const client = workspace.client();
  home = (await client.search({ query: "Roadmap" })).results[0]?.id ?? "";
  people = (await client.users.list({})).results;
  const made = await workspace.call("POST", "/v1/databases", {
    body: {
      parent: { page_id: home },
      title: [{ text: { content: "Tasks" } }],
      initial_data_source: { properties: columns },
    },
  });
  database = made.body["id"];
  source = made.body["data_sources"][0].id;
  for (const row of rows) await addRow(row);
});
afterAll(() => workspace.close());

async function addRow(properties: object): Promise<Record<string, any>> {
  const body = { parent: { data_source_id: source }, properties };
  return (await workspace.call("POST", "/v1/pages", { body })).body;
}

async function query(body: object): Promise<Record<string, any>> {
  return (await workspace.call("POST", `/v1/data_sources/${source}/query`, { body })).body;
}

async function found(filter: object): Promise<string[]> {
  const { results } = await query({ filter });
  return results.map((row: any) => row.properties.Task.title[0].plain_text);
}

describe("the example database", () => {
  it("is there from the start, with its rows", async () => {
    const { results } = await workspace.client().search({
      query: "Release",
      filter: { property: "object", value: "data_source" },
    });
    const { body } = await workspace.call("POST", `/v1/data_sources/${results[0]?.id}/query`, {
      body: {
        filter: { property: "Stage", select: { equals: "In progress" } },
        sorts: [{ property: "Due", direction: "ascending" }],
      },
    });
    const titles = body["results"].map((row: any) => row.properties.Task.title[0].plain_text);
    expect(titles).toEqual(["Import in the background", "Search while typing"]);
    expect(body["results"][0].properties.Owner.people[1]).toMatchObject({ name: "Ben Brook" });
  });
});

describe("a database", () => {
  it("is a container of data sources since 2025-09-03", async () => {
    const { body } = await workspace.call("GET", `/v1/databases/${database}`);
    expect(Object.keys(body).join()).toBe(
      "object,id,title,description,parent,is_inline,in_trash,is_locked,created_time,last_edited_time,data_sources,icon,cover,url,public_url,request_id",
    );
    expect(body["data_sources"]).toEqual([{ id: source, name: "Tasks" }]);
    expect(body["created_time"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
  });

  it("has its columns itself at 2022-06-28", async () => {
    const { body } = await workspace.call("GET", `/v1/databases/${database}`, {
      version: "2022-06-28",
    });
    expect(body["object"]).toBe("database");
    expect(Object.keys(body["properties"]).toSorted()).toEqual(Object.keys(columns).toSorted());
    const answer = await workspace.call("POST", `/v1/databases/${database}/query`, {
      version: "2022-06-28",
      body: {},
    });
    expect(answer.body["results"]).toHaveLength(3);
    expect(answer.body["results"][0].parent).toEqual({
      type: "database_id",
      database_id: database,
    });
  });

  it("is called New database, with a title column, when nothing is asked for", async () => {
    const { body } = await workspace.call("POST", "/v1/databases", {
      body: { parent: { page_id: home } },
    });
    expect(body["title"][0].plain_text).toBe("New database");
    const made = await workspace.call("GET", `/v1/data_sources/${body["data_sources"][0].id}`);
    expect(Object.keys(made.body["properties"])).toEqual(["Name"]);
    expect(made.body["title"]).toEqual([]);
  });

  it("with several data sources is refused to old versions", async () => {
    const made = await workspace.call("POST", "/v1/databases", {
      body: { parent: { page_id: home } },
    });
    await workspace.call("POST", "/v1/data_sources", {
      body: { parent: { database_id: made.body["id"] }, properties: { Name: { title: {} } } },
    });
    const { status, body } = await workspace.call("GET", `/v1/databases/${made.body["id"]}`, {
      version: "2022-06-28",
    });
    expect(status).toBe(400);
    expect(body["additional_data"]).toMatchObject({
      error_type: "multiple_data_sources_for_database",
      minimum_api_version: "2025-09-03",
    });
    expect(body["additional_data"].child_data_source_ids).toHaveLength(2);
  });
});

describe("a row", () => {
  it("shows every column in the form of its type", async () => {
    const [, beta] = (await query({})).results;
    const { properties } = beta;
    expect(properties.Points.number).toBe(5);
    expect(properties.Double.formula).toEqual({ type: "number", number: 10 });
    expect(properties.Stage.select).toMatchObject({ name: "Later" });
    expect(properties.State.status).toMatchObject({ name: "Done", color: "green" });
    expect(properties.Due.date).toEqual({
      start: "2026-03-10T09:30:00.000+01:00",
      end: null,
      time_zone: null,
    });
    expect(properties.Number.unique_id).toEqual({ prefix: "T", number: 2 });
    expect(properties.Files).toEqual({
      id: properties.Files.id,
      type: "files",
      files: [],
    });
    expect(beta.parent).toEqual({
      type: "data_source_id",
      data_source_id: source,
      database_id: database,
    });
  });

  it("adds options it names for the first time", async () => {
    const { body } = await workspace.call("GET", `/v1/data_sources/${source}`);
    const names = body["properties"].Tags.multi_select.options.map((one: any) => one.name);
    expect(names).toEqual(["red", "round"]);
  });

  it("is refused columns and types there are not", async () => {
    const { body } = await workspace.call("POST", "/v1/pages", {
      body: {
        parent: { data_source_id: source },
        properties: { Nope: { number: 1 }, Points: { rich_text: [] } },
      },
    });
    expect(body["message"]).toBe(
      "Nope is not a property that exists. Points is expected to be number.",
    );
  });

  it("shows the properties asked for only", async () => {
    const { results } = await query({ page_size: 1 });
    const path = `/v1/pages/${results[0].id}?filter_properties=title&filter_properties=Points`;
    const { body } = await workspace.call("GET", path);
    expect(Object.keys(body["properties"]).toSorted()).toEqual(["Points", "Task"]);
  });
});

describe("a filter", () => {
  it.each([
    [{ property: "Task", title: { equals: "alpha" } }, ["Alpha"]],
    [{ property: "Task", rich_text: { contains: "a" } }, ["Gamma", "Beta", "Alpha"]],
    [{ property: "Task", rich_text: { starts_with: "B" } }, ["Beta"]],
    [{ property: "Task", rich_text: { does_not_contain: "mm" } }, ["Beta", "Alpha"]],
    [{ property: "Link", url: { is_empty: true } }, ["Gamma", "Beta"]],
    [{ property: "Points", number: { greater_than: 1 } }, ["Beta"]],
    [{ property: "Points", number: { does_not_equal: 1 } }, ["Gamma", "Beta"]],
    [{ property: "Points", number: { is_not_empty: true } }, ["Beta", "Alpha"]],
    [{ property: "Done", checkbox: { equals: true } }, ["Alpha"]],
    [{ property: "Done", checkbox: { does_not_equal: true } }, ["Gamma", "Beta"]],
    [{ property: "Stage", select: { equals: "Now" } }, ["Alpha"]],
    [{ property: "Stage", select: { equals: ["Now", "Later"] } }, ["Beta", "Alpha"]],
    [{ property: "Stage", select: { does_not_equal: "Now" } }, ["Gamma", "Beta"]],
    [{ property: "State", status: { is_empty: true } }, ["Gamma", "Alpha"]],
    [{ property: "Tags", multi_select: { contains: "red" } }, ["Alpha"]],
    [{ property: "Tags", multi_select: { does_not_contain: "red" } }, ["Gamma", "Beta"]],
    [{ property: "Due", date: { on_or_after: "2026-03-02" } }, ["Beta"]],
    [{ property: "Due", date: { equals: "2026-03-10T08:30:00Z" } }, ["Beta"]],
    [{ property: "Due", date: { before: "2026-03-01" } }, []],
    [{ property: "Files", files: { is_empty: true } }, ["Gamma", "Beta", "Alpha"]],
    [{ property: "Number", unique_id: { less_than: 3 } }, ["Beta", "Alpha"]],
    [{ property: "Double", formula: { number: { equals: 10 } } }, ["Beta"]],
    [{ property: "Double", formula: { string: { is_not_empty: true } } }, []],
    [{ timestamp: "created_time", created_time: { past_week: {} } }, ["Gamma", "Beta", "Alpha"]],
    [
      {
        or: [
          { property: "Done", checkbox: { equals: true } },
          {
            and: [
              { property: "Points", number: { equals: 5 } },
              { property: "Stage", select: { equals: "Later" } },
            ],
          },
        ],
      },
      ["Beta", "Alpha"],
    ],
  ])("%j finds %j", async (filter, titles) => {
    expect(await found(filter)).toEqual(titles);
  });

  it.each([
    [{ property: "Nope", number: { equals: 1 } }, "Could not find property with name or id: Nope"],
    [
      { property: "Points", checkbox: { equals: true } },
      "database property number does not match filter checkbox",
    ],
    [
      { or: Array.from({ length: 101 }, () => ({ property: "Points", number: { equals: 1 } })) },
      "body failed validation: body.filter.or.length should be ≤ `100`, instead was `101`.",
    ],
  ])("is refused when it makes no sense (%#)", async (filter, message) => {
    expect((await query({ filter }))["message"]).toBe(message);
  });
});

describe("a query", () => {
  it("sorts by several columns, empty ones last", async () => {
    const titles = async (sorts: object[]): Promise<string[]> =>
      (await query({ sorts })).results.map((row: any) => row.properties.Task.title[0].plain_text);
    expect(await titles([{ property: "Points", direction: "descending" }])).toEqual([
      "Beta",
      "Alpha",
      "Gamma",
    ]);
    expect(
      await titles([
        { property: "Done", direction: "descending" },
        { property: "Task", direction: "ascending" },
      ]),
    ).toEqual(["Alpha", "Beta", "Gamma"]);
  });

  it("pages through its results", async () => {
    const first = await query({ page_size: 2 });
    const second = await query({ page_size: 2, start_cursor: first["next_cursor"] });
    expect(first["results"]).toHaveLength(2);
    expect(second["results"]).toHaveLength(1);
    expect(second["has_more"]).toBe(false);
    expect(first["type"]).toBe("page_or_data_source");
  });
});

describe("columns", () => {
  it("are added, renamed, changed and removed", async () => {
    const patch = async (properties: object): Promise<Record<string, any>> => {
      const path = `/v1/data_sources/${source}`;
      return (await workspace.call("PATCH", path, { body: { properties } })).body;
    };
    const added = await patch({ Extra: { number: {} } });
    expect(added["properties"].Extra.number).toEqual({ format: "number" });
    const { id } = added["properties"].Extra;
    const renamed = await patch({ [id]: { name: "Cost", number: { format: "euro" } } });
    expect(renamed["properties"].Cost).toMatchObject({ id, number: { format: "euro" } });
    const removed = await patch({ Cost: null });
    expect(removed["properties"]).not.toHaveProperty("Cost");
    expect((await patch({ Task: null }))["message"]).toBe("Cannot delete title property.");
  });

  it("of a two-way relation keep both sides in step", async () => {
    const made = await workspace.call("POST", "/v1/databases", {
      body: {
        parent: { page_id: home },
        title: [{ text: { content: "Projects" } }],
        initial_data_source: {
          properties: {
            Name: { title: {} },
            Tasks: { relation: { data_source_id: source, dual_property: {} } },
            Sum: {
              rollup: {
                relation_property_name: "Tasks",
                rollup_property_name: "Points",
                function: "sum",
              },
            },
          },
        },
      },
    });
    const projects = made.body["data_sources"][0].id;
    const [gamma, beta] = (await query({})).results;
    const project = await workspace.call("POST", "/v1/pages", {
      body: {
        parent: { data_source_id: projects },
        properties: { Tasks: { relation: [{ id: beta.id }, { id: gamma.id }] } },
      },
    });
    expect(project.body["properties"].Sum.rollup).toEqual({
      type: "number",
      number: 5,
      function: "sum",
    });
    const { Sum } = project.body["properties"];
    const item = await workspace.call(
      "GET",
      `/v1/pages/${project.body["id"]}/properties/${Sum.id}`,
    );
    expect(item.body).toMatchObject({
      object: "list",
      results: [
        { object: "property_item", type: "relation", relation: { id: beta.id } },
        { object: "property_item", type: "relation", relation: { id: gamma.id } },
      ],
      property_item: { id: Sum.id, type: "rollup", rollup: { type: "number", number: 5 } },
    });
    const back = "Related to Projects (Tasks)";
    const related = await workspace.call("GET", `/v1/pages/${beta.id}`);
    expect(related.body["properties"][back].relation).toEqual([{ id: project.body["id"] }]);
    await workspace.call("PATCH", `/v1/pages/${beta.id}`, {
      body: { properties: { [back]: { relation: [] } } },
    });
    const after = await workspace.call("GET", `/v1/pages/${project.body["id"]}`);
    expect(after.body["properties"].Tasks).toMatchObject({
      relation: [{ id: gamma.id }],
      has_more: false,
    });
  });
});

describe("people", () => {
  it("are shown in full and found by id", async () => {
    const [ada] = people;
    await addRow({
      Task: { title: [{ text: { content: "Owned" } }] },
      Who: { people: [{ id: ada?.id ?? "" }] },
    });
    expect(await found({ property: "Who", people: { contains: ada?.id } })).toEqual(["Owned"]);
    const { results } = await query({
      filter: { property: "Who", people: { is_not_empty: true } },
    });
    expect(results[0].properties.Who.people[0]).toMatchObject({ name: "Ada Acker" });
  });
});

describe("a data source and what is around it", () => {
  async function newDatabase(title: string, properties: object = { Name: { title: {} } }) {
    const { body } = await workspace.call("POST", "/v1/databases", {
      body: {
        parent: { page_id: home },
        title: [{ text: { content: title } }],
        initial_data_source: { properties },
      },
    });
    return { databaseId: body["id"], sourceId: body["data_sources"][0].id };
  }

  it("names its database while it is the only one there", async () => {
    const { databaseId, sourceId } = await newDatabase("Old");
    const rename = async (title: string): Promise<string> => {
      await workspace.call("PATCH", `/v1/data_sources/${sourceId}`, {
        body: { title: [{ text: { content: title } }] },
      });
      const { body } = await workspace.call("GET", `/v1/databases/${databaseId}`);
      return body["title"][0].plain_text;
    };
    expect(await rename("New")).toBe("New");
    await workspace.call("POST", "/v1/data_sources", {
      body: {
        parent: { type: "database_id", database_id: databaseId },
        properties: { Name: { title: {} } },
      },
    });
    expect(await rename("Newer")).toBe("New");
  });

  it("keeps a relation that was made one-way when its old other side is removed", async () => {
    const target = (await newDatabase("Target")).sourceId;
    const relation = { data_source_id: target, type: "dual_property", dual_property: {} };
    const own = (await newDatabase("Own", { Name: { title: {} }, Link: { relation } })).sourceId;
    const oneWay = { data_source_id: target, type: "single_property", single_property: {} };
    await workspace.call("PATCH", `/v1/data_sources/${own}`, {
      body: { properties: { Link: { relation: oneWay } } },
    });
    await workspace.call("PATCH", `/v1/data_sources/${target}`, {
      body: { properties: { "Related to Own (Link)": null } },
    });
    const { body } = await workspace.call("GET", `/v1/data_sources/${own}`);
    expect(Object.keys(body["properties"])).toContain("Link");
  });
});
