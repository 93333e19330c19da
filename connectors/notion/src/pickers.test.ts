import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Choice, Picker } from "@tenon/connector";
import { createPage } from "./actions/create-page.ts";
import { databases, dataSources, pages, parents, users } from "./pickers.ts";
import { type ActionRig, createActionRig } from "./testing/action-rig.ts";
import { findExampleDataSource, findPageId } from "./testing/find-by-title.ts";

let rig: ActionRig;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
});
afterAll(() => rig.close());

async function load(picker: Picker, search = "", client = rig.client): Promise<Choice[]> {
  const ask = { client, search, cursor: undefined, input: {} };
  return (await picker.load(ask)).choices;
}

describe("pages", () => {
  test("are found by their title, with the path to them", async () => {
    expect(await load(pages, "Holidays")).toEqual([
      { value: await findPageId(rig, "Holidays"), label: "Holidays", description: "Handbook" },
    ]);
    const [task] = await load(pages, "Read on the phone");
    expect(task?.description).toBe("Roadmap / Release tasks");
  });

  test("at the top of the workspace have no path", async () => {
    expect((await load(pages, "Handbook"))[0]).not.toHaveProperty("description");
  });

  test("in what the connection cannot see have the path that it can", async () => {
    const pageIds = [await findPageId(rig, "Holidays")];
    const client = rig.clientOf(await rig.mintToken({ pageIds }));
    const [only, ...others] = await load(pages, "", client);
    expect(only).toEqual({ value: pageIds[0], label: "Holidays" });
    expect(others).toEqual([]);
  });

  test("beyond the first fifty come with the cursor", async () => {
    const home = await findPageId(rig, "Meeting notes");
    for (let index = 0; index < 60; index += 1) {
      await rig.run(createPage, { parent: home, title: `Entry ${index}` });
    }
    const ask = { client: rig.client, search: "Entry", input: {} };
    const first = await pages.load({ ...ask, cursor: undefined });
    const second = await pages.load({ ...ask, cursor: first.nextCursor });
    expect(second.nextCursor).toBeUndefined();
    const labels = [...first.choices, ...second.choices].map(({ label }) => label);
    expect(new Set(labels).size).toBe(60);
    expect(labels).toHaveLength(60);
  });

  test("without a title are called Untitled", async () => {
    const parent = await findPageId(rig, "Handbook");
    const { result } = await rig.run(createPage, { parent });
    const found = (await load(pages)).find(({ value }) => value === result.id);
    expect(found).toMatchObject({ label: "Untitled", description: "Handbook" });
  });
});

test("data sources and databases are told by the page they lie in", async () => {
  const { dataSourceId, databaseId } = await findExampleDataSource(rig.client);
  const look = { label: "Release tasks", description: "Roadmap" };
  expect(await load(dataSources)).toEqual([{ value: dataSourceId, ...look }]);
  expect(await load(databases)).toEqual([{ value: databaseId, ...look }]);
});

test("a database with several data sources is one choice", async () => {
  const { databaseId } = await findExampleDataSource(rig.client);
  await rig.client.request("POST", "/v1/data_sources", {
    body: {
      parent: { type: "database_id", database_id: databaseId },
      title: [{ text: { content: "Second" } }],
      properties: { Name: { title: {} } },
    },
  });
  expect(await load(databases)).toHaveLength(1);
  expect(await load(dataSources)).toHaveLength(2);
});

test("parents are pages and data sources", async () => {
  const found = await load(parents, "release");
  expect(found.map(({ label }) => label).toSorted()).toEqual([
    "Kick-off, spring release",
    "Release tasks",
  ]);
});

test("people are found by name and e-mail address, bots are not", async () => {
  const all = await load(users);
  expect(all.map(({ label }) => label)).toEqual(["Ada Acker", "Ben Brook"]);
  expect(await load(users, "BEN@acme")).toEqual([
    expect.objectContaining({ label: "Ben Brook", description: "ben@acme.example" }),
  ]);
  expect(await load(users, "nobody")).toEqual([]);
});

describe("just after connecting", () => {
  test("an index that lags is waited for", async () => {
    const lagging = await createActionRig({ settings: { searchLagMs: 500 }, seed: "example" });
    try {
      expect((await load(pages, "", lagging.client)).length).toBeGreaterThan(3);
      const searches = (await lagging.requests()).filter(({ path }) => path === "/v1/search");
      expect(searches.length).toBeGreaterThan(1);
    } finally {
      await lagging.close();
    }
  });

  test("nothing for a word is not asked again", async () => {
    await rig.forgetRequests();
    expect(await load(pages, "zebra")).toEqual([]);
    expect(await rig.requests()).toHaveLength(1);
  });
});

test("what goes wrong is told, not shown as an empty list", async () => {
  const client = rig.clientOf(await rig.mintToken({ capabilities: { users: "none" } }));
  await expect(load(users, "", client)).rejects.toThrow('"Read user information"');
});
