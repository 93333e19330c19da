import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";
import { apiVersions } from "./version.ts";

let workspace: TestWorkspace;
let page: string;

beforeAll(async () => {
  workspace = await openWorkspace({ seed: "empty" });
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const session = await workspace.call("GET", "/_local/session");
  const made = await workspace.call("POST", "/v1/pages", {
    token: session.body["token"],
    body: { parent: { workspace: true }, properties: { title: [{ text: { content: "P" } }] } },
  });
  page = made.body["id"];
});

const paragraph = (content: string) => ({ paragraph: { rich_text: [{ text: { content } }] } });

async function append(body: object, version = "2026-03-11"): Promise<Record<string, any>> {
  const answer = await workspace.call("PATCH", `/v1/blocks/${page}/children`, {
    body,
    version: version as "2026-03-11",
  });
  return answer.body;
}

async function texts(): Promise<string[]> {
  const { body } = await workspace.call("GET", `/v1/blocks/${page}/children`);
  return body["results"].map((block: any) => block[block.type].rich_text?.[0]?.plain_text);
}

const everyBlock = [
  paragraph("p"),
  { heading_1: { rich_text: [], is_toggleable: true } },
  { heading_2: { rich_text: [] } },
  { heading_3: { rich_text: [] } },
  { heading_4: { rich_text: [] } },
  { bulleted_list_item: { rich_text: [] } },
  { numbered_list_item: { rich_text: [] } },
  { to_do: { rich_text: [], checked: true } },
  { toggle: { rich_text: [], children: [paragraph("in")] } },
  { quote: { rich_text: [] } },
  { callout: { rich_text: [] } },
  { code: { rich_text: [{ text: { content: "1" } }], language: "python" } },
  { equation: { expression: "e=mc^2" } },
  { divider: {} },
  { breadcrumb: {} },
  { table_of_contents: { color: "pink" } },
  { bookmark: { url: "https://example.com" } },
  { embed: { url: "https://example.com" } },
  { image: { external: { url: "https://example.com/i.png" } } },
  { video: { external: { url: "https://example.com/v.mp4" } } },
  { audio: { external: { url: "https://example.com/a.mp3" } } },
  { pdf: { external: { url: "https://example.com/d.pdf" } } },
  { file: { external: { url: "https://example.com/f.txt" } } },
  { synced_block: { synced_from: null, children: [paragraph("s")] } },
  {
    column_list: {
      children: [
        { column: { children: [paragraph("l")], width_ratio: 0.25 } },
        { column: { children: [] } },
      ],
    },
  },
  {
    table: {
      table_width: 2,
      children: [{ table_row: { cells: [[{ text: { content: "a" } }], []] } }],
    },
  },
  { tab: { children: [paragraph("t")] } },
];

describe.each(apiVersions)("at version %s", (version) => {
  it("every type of block goes in and comes out", async () => {
    const client = workspace.client(version);
    const added = await client.blocks.children.append({
      block_id: page,
      children: everyBlock as never,
    });
    const listed = await client.blocks.children.list({ block_id: page });
    expect(listed.results).toEqual(added.results);
    expect(listed.results.map((block) => "type" in block && block.type)).toEqual(
      everyBlock.map((block) => Object.keys(block)[0]),
    );
  });
});

describe("keys of a block", () => {
  it.each([
    ["2022-06-28", "has_children,archived,in_trash,type,divider,request_id"],
    ["2025-09-03", "has_children,in_trash,type,divider,archived,request_id"],
    ["2026-03-11", "has_children,in_trash,type,divider,request_id"],
  ] as const)("are in Notion's order at %s", async (version, tail) => {
    const { results } = await append({ children: [{ divider: {} }] });
    const { body } = await workspace.call("GET", `/v1/blocks/${results[0].id}`, { version });
    const head = "object,id,parent,created_time,last_edited_time,created_by,last_edited_by";
    expect(Object.keys(body).join()).toBe(`${head},${tail}`);
  });

  it("give paragraphs an icon since 2025-09-03", async () => {
    const { results } = await append({ children: [paragraph("x")] });
    const path = `/v1/blocks/${results[0].id}`;
    const old = await workspace.call("GET", path, { version: "2022-06-28" });
    const now = await workspace.call("GET", path);
    expect(Object.keys(old.body["paragraph"])).toEqual(["rich_text", "color"]);
    expect(Object.keys(now.body["paragraph"])).toEqual(["rich_text", "icon", "color"]);
  });
});

describe("appending", () => {
  it("answers with the new blocks, at the end", async () => {
    await append({ children: [paragraph("1")] });
    const { results } = await append({ children: [paragraph("2")] });
    expect(results).toHaveLength(1);
    expect(await texts()).toEqual(["1", "2"]);
  });

  it("puts blocks after another and answers with all that follow", async () => {
    const { results } = await append({ children: [paragraph("1"), paragraph("4")] });
    const position = { type: "after_block", after_block: { id: results[0].id } };
    const added = await append({ children: [paragraph("2"), paragraph("3")], position });
    expect(added["results"]).toHaveLength(3);
    expect(await texts()).toEqual(["1", "2", "3", "4"]);
  });

  it("puts blocks at the start", async () => {
    await append({ children: [paragraph("2")] });
    await append({ children: [paragraph("1")], position: { type: "start" } });
    expect(await texts()).toEqual(["1", "2"]);
  });

  it("takes `after` from old versions only", async () => {
    const { results } = await append({ children: [paragraph("1"), paragraph("3")] });
    const body = { children: [paragraph("2")], after: results[0].id };
    await append(body, "2025-09-03");
    expect(await texts()).toEqual(["1", "2", "3"]);
    const refused = await append(body);
    expect(refused["message"]).toContain("body.after should be not present");
  });

  it("keeps its order over many insertions at one place", async () => {
    const { results } = await append({ children: [paragraph("0"), paragraph("end")] });
    const position = { type: "after_block", after_block: { id: results[0].id } };
    for (let index = 60; index > 0; index -= 1) {
      await append({ children: [paragraph(String(index))], position });
    }
    const numbers = Array.from({ length: 61 }, (_, index) => String(index));
    expect(await texts()).toEqual([...numbers, "end"]);
  });

  it("refuses rows that do not fit their table", async () => {
    const { results } = await append({
      children: [{ table: { table_width: 2, children: [{ table_row: { cells: [[], []] } }] } }],
    });
    const { body } = await workspace.call("PATCH", `/v1/blocks/${results[0].id}/children`, {
      body: { children: [{ table_row: { cells: [[]] } }] },
    });
    expect(body["message"]).toBe(
      "Number of cells in table row must match the table width of the parent table",
    );
  });
});

describe("one block", () => {
  it("is changed in what the request names only", async () => {
    const { results } = await append({
      children: [{ to_do: { rich_text: [{ text: { content: "x" } }], color: "red" } }],
    });
    const { body } = await workspace.call("PATCH", `/v1/blocks/${results[0].id}`, {
      body: { to_do: { checked: true } },
    });
    expect(body["to_do"]).toMatchObject({ checked: true, color: "red" });
    expect(body["to_do"].rich_text[0].plain_text).toBe("x");
  });

  it("is deleted, listed no more, and restored", async () => {
    const { results } = await append({ children: [paragraph("x")] });
    const path = `/v1/blocks/${results[0].id}`;
    const deleted = await workspace.call("DELETE", path);
    expect(deleted.body["in_trash"]).toBe(true);
    expect(await texts()).toEqual([]);
    await workspace.call("PATCH", path, { body: { in_trash: false } });
    expect(await texts()).toEqual(["x"]);
  });

  it("stands for a page when it is asked for by a page's id", async () => {
    const { body } = await workspace.call("GET", `/v1/blocks/${page}`);
    expect(body).toMatchObject({ type: "child_page", child_page: { title: "P" } });
  });
});

describe("children", () => {
  it("are paged with the id of the next one as cursor", async () => {
    const { results } = await append({ children: ["1", "2", "3"].map(paragraph) });
    const first = await workspace.call("GET", `/v1/blocks/${page}/children?page_size=2`);
    expect(first.body["next_cursor"]).toBe(results[2].id);
    const rest = await workspace.call(
      "GET",
      `/v1/blocks/${page}/children?start_cursor=${first.body["next_cursor"]}`,
    );
    expect(rest.body["results"]).toHaveLength(1);
    expect(Object.keys(rest.body)).toEqual([
      "object",
      "results",
      "next_cursor",
      "has_more",
      "type",
      "block",
      "request_id",
    ]);
  });

  it("of a synced copy are those of its original", async () => {
    const { results } = await append({
      children: [{ synced_block: { synced_from: null, children: [paragraph("shared")] } }],
    });
    const copy = await append({
      children: [{ synced_block: { synced_from: { block_id: results[0].id } } }],
    });
    const { body } = await workspace.call("GET", `/v1/blocks/${copy["results"][0].id}/children`);
    expect(body["results"][0].paragraph.rich_text[0].plain_text).toBe("shared");
  });
});

describe("rich text", () => {
  it("is completed, joined where it looks the same, and tells where it leads", async () => {
    const { results } = await append({
      children: [
        {
          paragraph: {
            rich_text: [
              { text: { content: "a" } },
              { text: { content: "b" } },
              { text: { content: "c", link: { url: "https://example.com" } } },
              { mention: { page: { id: page } } },
            ],
          },
        },
      ],
    });
    const items = results[0].paragraph.rich_text;
    expect(items.map((item: any) => [item.plain_text, item.href])).toEqual([
      ["ab", null],
      ["c", "https://example.com"],
      ["P", `${workspace.url}/p/${page.replaceAll("-", "")}`],
    ]);
    expect(items[0].annotations).toEqual({
      bold: false,
      italic: false,
      strikethrough: false,
      underline: false,
      code: false,
      color: "default",
    });
  });

  it("refuses a link that leads nowhere", async () => {
    const body = await append({
      children: [
        { paragraph: { rich_text: [{ text: { content: "x", link: { url: "not a url" } } }] } },
      ],
    });
    expect(body["message"]).toBe(
      "Content creation Failed. Fix the following: Invalid URL for link.",
    );
  });
});
