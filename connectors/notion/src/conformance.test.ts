import { ChangeFacts, ProviderError, type WatchedObject } from "@tenon/connector";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { notion } from "./index.ts";
import { type ActionRig, createActionRig } from "./testing/action-rig.ts";
import { findExampleDataSource, findPageId } from "./testing/find-by-title.ts";

const Json = z.record(z.string(), z.unknown());

let rig: ActionRig;
let samples: Record<string, Record<string, unknown>>;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  samples = await writeSamples();
});
afterAll(() => rig.close());

/** An input for each action, about things that are there. */
async function writeSamples(): Promise<typeof samples> {
  const { dataSourceId: dataSource, databaseId: database } = await findExampleDataSource(
    rig.client,
  );
  const parent = await findPageId(rig, "Handbook");
  const item = await findPageId(rig, "Read old files");
  const page = await make("POST", "/v1/pages", { parent: { page_id: parent }, markdown: "Text" });
  const comment = await make("POST", "/v1/comments", {
    parent: { page_id: parent },
    rich_text: [{ text: { content: "Good." } }],
  });
  const user = await make("GET", "/v1/users/me");
  const markdown = "Some text";
  return {
    "create-page": { parent, title: "New", content: markdown },
    "create-page-with-markdown": { parent, title: "New", markdown },
    "update-page": { pageId: page, title: "Changed" },
    "get-page": { pageId: page },
    "archive-page": { pageId: await make("POST", "/v1/pages", { parent: { page_id: parent } }) },
    "restore-page": { pageId: page },
    "move-page": { pageId: page, parent },
    "duplicate-page": { pageId: page },
    "search-pages": { query: "Handbook" },
    "get-page-content": { blockId: parent },
    "get-page-as-markdown": { pageId: parent },
    "update-page-with-markdown": { pageId: page, markdown },
    "append-blocks": { blockId: page, text: "One\ntwo" },
    "update-block": { blockId: page, text: "Changed" },
    "retrieve-block": { blockId: page },
    "delete-block": { blockId: await make("POST", "/v1/pages", { parent: { page_id: parent } }) },
    "query-data-source": { dataSource },
    "create-data-source-item": { dataSource, properties: { Task: "New" } },
    "update-data-source-item": { item, properties: { Days: 2 } },
    "get-data-source-item": { item },
    "list-data-sources": {},
    "get-data-source": { dataSource },
    "create-data-source": {
      database: await make("POST", "/v1/databases", { parent: { page_id: parent } }),
      title: "Second",
    },
    "update-data-source": { dataSource, title: "Changed" },
    "get-database": { database },
    "create-database": { page: parent, title: "New" },
    "update-database": { database, title: "Changed" },
    "add-comment": { page: parent, text: "Good." },
    "list-comments": { block: parent },
    "update-comment": { comment, text: "Better." },
    "delete-comment": {
      comment: await make("POST", "/v1/comments", {
        parent: { page_id: parent },
        rich_text: [{ text: { content: "Gone." } }],
      }),
    },
    "list-users": {},
    "get-user": { user },
    "get-bot-user": {},
    "upload-file": {
      file: {
        dataType: "FILE",
        name: "a.txt",
        mimeType: "text/plain",
        size: 2,
        encoding: "base64",
        data: btoa("hi"),
      },
    },
  };
}

async function make(
  method: "GET" | "POST",
  path: string,
  body?: Record<string, unknown>,
): Promise<string> {
  const returns = z.looseObject({ id: z.string() });
  return (await rig.client.request(method, path, { ...(body && { body }), returns })).id;
}

/** What one run of an action sends that changes something; one request where nothing is said. */
const writesOf: Readonly<Record<string, number>> = { "upload-file": 2 };

/** Every field of a JSON Schema, those of objects within included. */
function fieldsOf(schema: unknown): { name: string; field: Record<string, unknown> }[] {
  const properties = Json.safeParse(Json.parse(schema)["properties"]).data ?? {};
  return Object.entries(properties).map(([name, field]) => ({ name, field: Json.parse(field) }));
}

const inputs = notion.actions.map(
  (action) => [action.id, action, z.toJSONSchema(action.input, { io: "input" })] as const,
);

test("there is every action of the list, under its own id and intent", () => {
  expect(notion.actions.map(({ intent }) => intent)).toEqual(
    expect.arrayContaining([
      "NOTION_CREATE_PAGE",
      "NOTION_UPDATE_PAGE",
      "NOTION_GET_PAGE_BY_ID",
      "NOTION_ARCHIVE_PAGE",
      "NOTION_SEARCH_PAGES",
      "NOTION_GET_PAGE_CONTENT",
      "NOTION_UPDATE_BLOCK",
      "NOTION_GET_BLOCK_BY_ID",
      "NOTION_DELETE_BLOCK",
      "NOTION_GET_PAGE_AS_MARKDOWN",
      "NOTION_CREATE_PAGE_WITH_MARKDOWN",
    ]),
  );
  for (const key of ["id", "intent", "title"] as const) {
    expect(new Set(notion.actions.map((action) => action[key])).size).toBe(notion.actions.length);
  }
});

describe.each(inputs)("%s", (id, action, input) => {
  test("has names of the right form, and says what it does", () => {
    expect(id).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(action.intent).toMatch(/^NOTION(?:_[A-Z]+)+$/);
    expect(action.summary).toMatch(/^[A-Z].*\.$/s);
    if (action.repeatable !== undefined) expect(action.effect).toBe("write");
  });

  test("titles each field, and shows pickers and shapes that exist", () => {
    const pickers = notion.pickers.map((picker) => picker.id);
    const shapes = notion.shapes.map((shape) => shape.id);
    const names = fieldsOf(input).map(({ name }) => name);
    for (const { name, field } of fieldsOf(input)) {
      expect(field["title"], name).toEqual(expect.any(String));
      const ui = z
        .looseObject({ picker: z.string().optional(), shape: z.string().optional() })
        .parse(field["ui"] ?? {});
      if (ui.picker !== undefined) expect(pickers, name).toContain(ui.picker);
      if (ui.shape !== undefined) expect(shapes, name).toContain(ui.shape);
      const asked = [...notion.pickers, ...notion.shapes].find(
        (one) => one.id === (ui.picker ?? ui.shape),
      );
      expect(names, name).toEqual(expect.arrayContaining([...(asked?.needs ?? [])]));
    }
  });

  test("describes its output, whose result a later step can name", () => {
    const output = z.toJSONSchema(action.output, { io: "output" });
    expect(fieldsOf(output).map(({ name }) => name)).toContain("result");
  });

  test("gives what it says it gives, and sends only what it says it sends", async () => {
    const sample = samples[id];
    if (!sample) throw new Error("There is no sample of its input.");
    await rig.forgetRequests();
    // What it gives is parsed with its output by the rig.
    await rig.run(action, sample);
    const expected = action.effect === "read" ? 0 : (writesOf[id] ?? 1);
    expect(await rig.writes()).toHaveLength(expected);
  });

  if (action.effect === "destroy" || action.repeatable === true) {
    test("done twice has the effect of once", async () => {
      const sample = samples[id] ?? {};
      const first = lasting(await rig.run(action, sample).catch(gone));
      expect(lasting(await rig.run(action, sample).catch(gone))).toEqual(first);
    });
  }
});

const triggerInputs = notion.triggers.map(
  (trigger) => [trigger.id, trigger, z.toJSONSchema(trigger.input, { io: "input" })] as const,
);

test("there is every trigger of the list, under its own id, intent and title", () => {
  expect(notion.triggers.map(({ intent }) => intent)).toEqual([
    "NOTION_PAGE_CREATED",
    "NOTION_PAGE_UPDATED",
    "NOTION_PAGE_CONTENT_UPDATED",
    "NOTION_PAGE_PROPERTIES_UPDATED",
    "NOTION_PAGE_MOVED",
    "NOTION_PAGE_DELETED",
    "NOTION_PAGE_RESTORED",
    "NOTION_DATA_SOURCE_ITEM_CREATED",
    "NOTION_DATA_SOURCE_ITEM_UPDATED",
    "NOTION_COMMENT_ADDED",
  ]);
  for (const key of ["id", "title"] as const) {
    const values = notion.triggers.map((trigger) => trigger[key]);
    expect(new Set(values).size).toBe(values.length);
  }
});

describe.each(triggerInputs)("trigger %s", (id, trigger, input) => {
  test("has names that agree, and says what it does", () => {
    expect(trigger.intent).toBe(`NOTION_${id.toUpperCase().replaceAll("-", "_")}`);
    expect(trigger.title.toLowerCase().replaceAll(" ", "-")).toBe(id);
    expect(trigger.summary).toMatch(/^Starts when [^]*\.$/);
  });

  test("titles each field, and shows pickers that exist and whose fields it has", () => {
    const names = fieldsOf(input).map(({ name }) => name);
    for (const { name, field } of fieldsOf(input)) {
      expect(field["title"], name).toEqual(expect.any(String));
      const { picker: asked } = z.looseObject({ picker: z.string() }).parse(field["ui"]);
      const picker = notion.pickers.find((one) => one.id === asked);
      expect(picker, name).toBeDefined();
      expect(names, name).toEqual(expect.arrayContaining([...(picker?.needs ?? [])]));
    }
  });

  test("has a sample that is as its output says, of a change that it counts", () => {
    expect(trigger.output.parse(structuredClone(trigger.sample))).toEqual(trigger.sample);
    const { event } = z.object({ event: ChangeFacts }).parse(trigger.sample);
    expect(event.changes.filter((change) => trigger.on.includes(change))).not.toEqual([]);
    const output = z.toJSONSchema(trigger.output, { io: "output" });
    expect(fieldsOf(output).map(({ name }) => name)).toEqual(["result", "event"]);
  });

  test("counts changes that its object can have", () => {
    const object = notion.watch?.objects.find(({ kind }) => kind === trigger.object);
    const all = [object?.created, ...changesOf(object)];
    expect(all).toEqual(expect.arrayContaining([...trigger.on]));
  });
});

/** Every change that a comparison can tell of: those of which nothing is known without a look. */
function changesOf(object: WatchedObject | undefined): readonly string[] {
  return object?.compare({}, { content: "a" }, {}).unknown ?? [];
}

/** What a step gives, without what differs from request to request. */
function lasting(output: unknown): unknown {
  const passing = new Set(["request_id", "last_edited_time"]);
  return JSON.parse(
    JSON.stringify(output, (key, value: unknown) => (passing.has(key) ? null : value)),
  );
}

/** A comment that is deleted is not there to be deleted again. */
function gone(error: unknown): unknown {
  if (error instanceof ProviderError && error.code === "object_not_found") return "gone";
  throw error;
}
