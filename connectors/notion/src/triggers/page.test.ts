import type { Difference, Observation } from "@tenon/connector";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDatabase, person, writableProperties } from "../data-sources/testing/make-database.ts";
import { type ActionRig, createActionRig } from "../testing/action-rig.ts";
import { findPageId } from "../testing/find-by-title.ts";
import { contentDigest } from "./content-digest.ts";
import { page as watched } from "./page.ts";

let rig: ActionRig;
let handbook: string;
let source: Awaited<ReturnType<typeof makeDatabase>>;

beforeAll(async () => {
  rig = await createActionRig({ seed: "example" });
  handbook = await findPageId(rig, "Handbook");
  source = await makeDatabase(rig, writableProperties);
});
afterAll(() => rig.close());

async function send(method: "POST" | "PATCH" | "DELETE", path: string, body: object = {}) {
  return (await rig.client.request(method, path, { body })) as { id: string };
}

/** Rich text of one plain item, as requests take it. */
const words = (content: string) => [{ text: { content } }];
const paragraph = (content: string, children: object[] = []) => ({
  type: "paragraph",
  paragraph: { rich_text: words(content), ...(children.length > 0 && { children }) },
});

/** A new item, or a page where a parent is given. */
async function make(body: object = {}): Promise<string> {
  const parent = { type: "data_source_id", data_source_id: source.id };
  return (await send("POST", "/v1/pages", { parent, ...body })).id;
}

async function look(id: string, deep = false): Promise<Observation> {
  const seen = await watched.observe({ client: rig.client, id, deep });
  if (!seen) throw new Error(`The page ${id} is not seen.`);
  return seen;
}

/** What two looks around an edit see. */
async function around(id: string, edit: () => Promise<unknown>, deep = false): Promise<Difference> {
  const before = await look(id, deep);
  await edit();
  const after = await look(id, deep);
  return watched.compare(before.state, after.state, after.result);
}

const same: Difference = { changes: [], unknown: [], details: {} };

/** A value for each property that people can fill in. */
const filled = {
  title: { title: words("Filled") },
  rich_text: {
    rich_text: [
      ...words("See "),
      { mention: { user: { id: person.ada } } },
      { mention: { date: { start: "2026-01-01" } } },
    ],
  },
  number: { number: 2 },
  checkbox: { checkbox: true },
  url: { url: "https://example.com" },
  email: { email: "a@example.com" },
  phone_number: { phone_number: "1" },
  select: { select: { name: "High" } },
  multi_select: { multi_select: [{ name: "red" }, { name: "green" }] },
  date: { date: { start: "2026-01-01" } },
  people: { people: [{ id: person.ada }] },
  files: { files: [{ name: "A", external: { url: "https://example.com/a.png" } }] },
};

async function upload(): Promise<string> {
  const { id } = await send("POST", "/v1/file_uploads", { filename: "a.txt" });
  const form = new FormData();
  form.append("file", new Blob(["hi"], { type: "text/plain" }), "a.txt");
  await rig.client.request("POST", `/v1/file_uploads/${id}/send`, { form });
  return id;
}

/** Moves the workspace's clock, without waiting. */
async function later(ms: number, act: () => Promise<void>): Promise<void> {
  await rig.changeSettings({ clockOffsetMs: ms });
  try {
    await act();
  } finally {
    await rig.changeSettings({ clockOffsetMs: 0 });
  }
}

describe("a page", () => {
  it("is seen as Notion shows it, with who made and changed it when", async () => {
    const id = await make({ properties: { title: { title: words("Seen") } } });
    const { result, createdAt, changedAt, createdBy, changedBy } = await look(id);
    expect(result).toMatchObject({ object: "page", id, properties: { title: { id: "title" } } });
    expect(result).not.toHaveProperty("request_id");
    expect(createdAt).toEqual(changedAt);
    expect(createdAt.getTime() % watched.precisionMs).toBe(0);
    expect([createdBy, changedBy]).toEqual([expect.any(String), createdBy]);
  });

  it("that is not there, or not for this connection, is not seen", async () => {
    const ask = { id: crypto.randomUUID(), deep: true };
    expect(await watched.observe({ ...ask, client: rig.client })).toBeUndefined();
    const id = await make();
    const narrow = rig.clientOf(await rig.mintToken({ pageIds: [await make()] }));
    expect(await watched.observe({ client: narrow, id, deep: true })).toBeUndefined();
    const blind = rig.clientOf(await rig.mintToken({ capabilities: { readContent: false } }));
    expect(await watched.observe({ client: blind, id, deep: true })).toBeUndefined();
  });

  it("is asked for again where Notion fails: that is thrown on", async () => {
    await rig.fault({ path: `/v1/pages/${handbook}`, times: 1 }, { status: 503 });
    await expect(look(handbook)).rejects.toMatchObject({ status: 503 });
  });

  it("costs one request, and two more at most where its content is looked at", async () => {
    const text = paragraph("Above", [paragraph("Below")]);
    const id = await make({ parent: { page_id: handbook }, children: [text] });
    await rig.forgetRequests();
    await look(id);
    expect(await rig.requests()).toHaveLength(1);
    await look(id, true);
    expect(await rig.requests()).toHaveLength(4);
  });
});

describe("without an edit, two looks see the same", () => {
  it("of a page with every kind of property, hosted files and mentions", async () => {
    const related = await make({ properties: { title: { title: words("Related") } } });
    const uploadId = await upload();
    const file = { type: "file_upload", file_upload: { id: uploadId } };
    const id = await make({
      properties: { ...filled, files: { files: [{ name: "a.txt", ...file }] } },
      icon: file,
      cover: file,
      children: [
        { type: "image", image: file },
        paragraph("Above", [
          {
            type: "paragraph",
            paragraph: { rich_text: [{ mention: { page: { id: related } } }] },
          },
          { type: "file", file },
        ]),
      ],
    });
    const before = await look(id, true);
    await later(40 * 60_000, async () => {
      const after = await look(id, true);
      // Links to files are others by now.
      expect(JSON.stringify(after.result)).not.toBe(JSON.stringify(before.result));
      expect(after.state).toEqual(before.state);
    });
    const rename = { properties: { title: { title: words("Renamed") } } };
    expect(await around(id, () => send("PATCH", `/v1/pages/${related}`, rename), true)).toEqual(
      same,
    );
  });

  it("of a page whose formulas, rollups and times follow something else", async () => {
    const computing = await makeDatabase(
      rig,
      [
        { name: "Name", type: "title" },
        { name: "Now", type: "formula", expression: "now()" },
        { name: "Made", type: "created_time" },
        { name: "By", type: "created_by" },
        { name: "Changed", type: "last_edited_time" },
        { name: "Changer", type: "last_edited_by" },
        { name: "Number", type: "unique_id" },
      ],
      "Computing",
    );
    const id = await make({ parent: { type: "data_source_id", data_source_id: computing.id } });
    const before = await look(id);
    await later(3_600_000, async () => {
      await send("PATCH", `/v1/blocks/${id}/children`, { children: [paragraph("New")] });
      const after = await look(id);
      expect(after.changedAt).not.toEqual(before.changedAt);
      expect(watched.compare(before.state, after.state, after.result)).toEqual(same);
    });
  });

  it("of a page whose data source is edited: another name of an option, another property", async () => {
    const id = await make({ properties: filled });
    const schema: any = source.properties["select"];
    const { options }: { options: { id: string }[] } = schema.select;
    const renamed = options.map((option, index) =>
      index === 0 ? { id: option.id, name: "Highest", color: "red" } : { id: option.id },
    );
    const change = {
      properties: { select: { select: { options: renamed } }, Extra: { date: {} } },
    };
    expect(await around(id, () => send("PATCH", `/v1/data_sources/${source.id}`, change))).toEqual(
      same,
    );
    const fill = { properties: { Extra: { date: { start: "2026-02-02" } } } };
    expect((await around(id, () => send("PATCH", `/v1/pages/${id}`, fill))).changes).toEqual([
      "properties",
    ]);
    const drop = { properties: { Extra: null } };
    expect(await around(id, () => send("PATCH", `/v1/data_sources/${source.id}`, drop))).toEqual(
      same,
    );
  });

  it("of content within a page below it", async () => {
    const id = await make({ parent: { page_id: handbook } });
    const below = await make({ parent: { page_id: id } });
    const children = [paragraph("Below")];
    const write = () => send("PATCH", `/v1/blocks/${below}/children`, { children });
    expect(await around(id, write, true)).toEqual(same);
    await later(120_000, async () => {
      expect(await around(id, write, true)).toEqual(same);
    });
  });
});

describe("an edit is told by its name:", () => {
  it.each(Object.entries(filled))("%s, filled in and emptied", async (name, value) => {
    const id = await make();
    const path = `/v1/pages/${id}`;
    const changed = [{ id: expect.any(String), name: expect.any(String) }];
    const fill = { properties: { [name]: value } };
    const filling = await around(id, () => send("PATCH", path, fill));
    expect(filling).toEqual({
      changes: ["properties"],
      unknown: [],
      details: { properties: changed },
    });
    expect((await look(id)).result).toMatchObject({
      properties: { [(filling.details["properties"] as { name: string }[])[0]?.name ?? ""]: {} },
    });
    const [type = ""] = Object.keys(value);
    const none = { checkbox: false }[type] ?? (Array.isArray(value[type as never]) ? [] : null);
    const emptying = await around(id, () =>
      send("PATCH", path, { properties: { [name]: { [type]: none } } }),
    );
    expect(emptying).toEqual(filling);
  });

  it("the icon and the cover, which are no property", async () => {
    const id = await make();
    for (const edit of [
      { icon: { emoji: "🌱" } },
      { cover: { external: { url: "https://example.com/a.png" } } },
      { icon: null },
    ]) {
      expect(await around(id, () => send("PATCH", `/v1/pages/${id}`, edit))).toEqual({
        changes: ["properties"],
        unknown: [],
        details: { properties: [] },
      });
    }
  });

  it("the lock, the trash and back", async () => {
    const id = await make();
    const patch = (body: object) => () => send("PATCH", `/v1/pages/${id}`, body);
    expect(await around(id, patch({ is_locked: true }))).toEqual({ ...same, changes: ["locked"] });
    expect(await around(id, patch({ is_locked: false }))).toEqual({ ...same, changes: ["locked"] });
    expect(await around(id, patch({ in_trash: true }))).toEqual({ ...same, changes: ["deleted"] });
    const restoring = await around(id, patch({ in_trash: false }));
    expect(restoring).toEqual({ ...same, changes: ["restored"] });
  });

  it("the place, with what it lies in now", async () => {
    const id = await make({ parent: { page_id: handbook } });
    const other = await make({ parent: { page_id: handbook } });
    const move = { parent: { page_id: other } };
    expect(await around(id, () => send("POST", `/v1/pages/${id}/move`, move))).toEqual({
      changes: ["moved"],
      unknown: [],
      details: { parent: { type: "page_id", page_id: other } },
    });
  });

  it("several at once", async () => {
    const id = await make();
    const path = `/v1/pages/${id}`;
    const { changes } = await around(id, async () => {
      await send("PATCH", path, { properties: { number: { number: 7 } }, is_locked: true });
      await send("PATCH", path, { in_trash: true });
    });
    expect(changes.toSorted()).toEqual(["deleted", "locked", "properties"]);
  });
});

describe("content", () => {
  const content: Difference = { ...same, changes: ["content"] };

  it("is seen by a deep look only, also within one minute", async () => {
    const id = await make();
    const append = (text: string) => () =>
      send("PATCH", `/v1/blocks/${id}/children`, { children: [paragraph(text)] });
    expect(await around(id, append("One"))).toEqual(same);
    expect(await around(id, append("Two"), true)).toEqual(content);
    expect(await around(id, append("Three"), true)).toEqual(content);
  });

  it.each([
    ["another word", { paragraph: { rich_text: words("Other") } }],
    ["another colour", { paragraph: { rich_text: words("Above"), color: "red" } }],
    ["into the trash", { in_trash: true }],
  ])("of a block: %s", async (_, change) => {
    const id = await make({ children: [paragraph("Above")] });
    const [block] = await childrenOf(id);
    expect(await around(id, () => send("PATCH", `/v1/blocks/${block}`, change), true)).toEqual(
      content,
    );
  });

  it("of a nested block, and beyond the first hundred", async () => {
    const texts = Array.from({ length: 100 }, (_, index) => paragraph(`Line ${index}`));
    const nested = paragraph("Above", [paragraph("Below")]);
    const id = await make({ children: [nested, ...texts.slice(1)] });
    const [above = ""] = await childrenOf(id);
    const [below = ""] = await childrenOf(above);
    const word = { paragraph: { rich_text: words("Other") } };
    expect(await around(id, () => send("PATCH", `/v1/blocks/${below}`, word), true)).toEqual(
      content,
    );
    const more = { children: [paragraph("Line 101")] };
    expect(await around(id, () => send("PATCH", `/v1/blocks/${id}/children`, more), true)).toEqual(
      content,
    );
    const another = { children: [paragraph("Line 102")] };
    expect(
      await around(id, () => send("PATCH", `/v1/blocks/${id}/children`, another), true),
    ).toEqual(content);
  });

  it("has pages in it, whose titles count", async () => {
    const id = await make({ parent: { page_id: handbook } });
    let below = "";
    const add = async () => void (below = await make({ parent: { page_id: id } }));
    expect(await around(id, add, true)).toEqual(content);
    const title = { properties: { title: { title: words("Below") } } };
    expect(await around(id, () => send("PATCH", `/v1/pages/${below}`, title), true)).toEqual(
      content,
    );
  });

  it("is unknown where it was not looked at before, and no change where it is not now", async () => {
    const id = await make({ children: [paragraph("Text")] });
    const [shallow, deep] = [await look(id), await look(id, true)];
    const unknown = { changes: [], unknown: ["content"], details: {} };
    expect(watched.compare(shallow.state, deep.state, deep.result)).toEqual(unknown);
    expect(watched.compare(deep.state, shallow.state, shallow.result)).toEqual(same);
  });

  it("that cannot be read, such as of a page in the trash, is left out", async () => {
    expect(await contentDigest(rig.client, crypto.randomUUID())).toBeUndefined();
  });

  it("where Notion fails is not taken for none", async () => {
    const id = await make({ children: [paragraph("Text", [paragraph("Below")])] });
    for (const path of [`/v1/blocks/${id}/children`, `/v1/pages/${id}/markdown`]) {
      await rig.fault({ path, times: 1 }, { status: 503 });
      await expect(look(id, true)).rejects.toMatchObject({ status: 503 });
    }
  });
});

it("of a page that was never looked at nothing can be told", async () => {
  const seen = await look(await make({ properties: filled }), true);
  expect(watched.compare({}, seen.state, seen.result)).toEqual({
    changes: [],
    unknown: ["properties", "locked", "moved", "deleted", "restored", "content"],
    details: {},
  });
});

async function childrenOf(id: string): Promise<string[]> {
  const list = (await rig.client.request("GET", `/v1/blocks/${id}/children`)) as {
    results: { id: string }[];
  };
  return list.results.map((block) => block.id);
}
