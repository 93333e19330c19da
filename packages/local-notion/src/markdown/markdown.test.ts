import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

let workspace: TestWorkspace;
let home: string;

beforeAll(async () => {
  workspace = await openWorkspace();
  home = (await workspace.client().search({ query: "Welcome" })).results[0]?.id ?? "";
});
afterAll(() => workspace.close());

async function pageWith(markdown: string): Promise<string> {
  const { body } = await workspace.call("POST", "/v1/pages", {
    body: { parent: { page_id: home }, properties: {}, markdown },
  });
  return body["id"];
}

async function read(page: string): Promise<string> {
  return (await workspace.call("GET", `/v1/pages/${page}/markdown`)).body["markdown"];
}

async function update(page: string, body: object): Promise<Record<string, any>> {
  return (await workspace.call("PATCH", `/v1/pages/${page}/markdown`, { body })).body;
}

const everything = [
  "Some **bold**, *italic*, ~~gone~~, `code` and [a link](https://example.com).",
  "## Heading",
  "- one",
  "\t- nested",
  "1. first",
  "2. second",
  "- [x] done",
  "- [ ] open",
  "> quoted",
  "---",
  "```python\nprint(1)\n\tindented\n```",
  "$$\ne=mc^2\n$$",
  "| a | b |\n| --- | --- |\n| 1 | 2 |",
  "![cat](https://example.com/cat.png)",
  "<details>\n<summary>More</summary>\n\tinside\n</details>",
].join("\n");

describe("Markdown", () => {
  it("comes out as it went in", async () => {
    expect(await read(await pageWith(everything))).toBe(everything);
  });

  it("knows languages by the names people give them", async () => {
    const page = await pageWith("```js\nlet a;\n```\n```nonsense\nb\n```");
    expect(await read(page)).toBe("```javascript\nlet a;\n```\n```plain text\nb\n```");
  });

  it("loses blank lines between blocks, as in Notion", async () => {
    const page = await pageWith("x\n\n# Hello\n\nText");
    expect(await read(page)).toBe("x\n# Hello\nText");
  });

  it("names a page without a title after its first heading", async () => {
    const page = await pageWith("# The name\nText");
    const { body } = await workspace.call("GET", `/v1/pages/${page}`);
    expect(body["properties"].title.title[0].plain_text).toBe("The name");
    expect(await read(page)).toBe("Text");
  });
});

describe("an update", () => {
  it("inserts at the start, the end and after a text", async () => {
    const page = await pageWith("one\ntwo");
    await update(page, { type: "insert_content", insert_content: { content: "end" } });
    const start = { content: "start", position: { type: "start" } };
    await update(page, { type: "insert_content", insert_content: start });
    const { markdown } = await update(page, {
      type: "insert_content",
      insert_content: { content: "between", after: "one" },
    });
    expect(markdown).toBe("start\none\nbetween\ntwo\nend");
  });

  it("replaces a text and leaves other blocks the blocks they are", async () => {
    const page = await pageWith("one\ntwo\nthree");
    const before = await workspace.client().blocks.children.list({ block_id: page });
    const { markdown } = await update(page, {
      type: "update_content",
      update_content: { content_updates: [{ old_str: "two", new_str: "2\n2b" }] },
    });
    expect(markdown).toBe("one\n2\n2b\nthree");
    const after = await workspace.client().blocks.children.list({ block_id: page });
    expect(after.results.at(0)?.id).toBe(before.results.at(0)?.id);
    expect(after.results.at(-1)?.id).toBe(before.results.at(-1)?.id);
  });

  it("asks before it deletes a child page", async () => {
    const page = await pageWith("text");
    const child = await workspace.client().pages.create({
      parent: { page_id: page },
      properties: { title: { title: [{ text: { content: "Child" } }] } },
    });
    const replace = { new_str: "all new" };
    const refused = await update(page, { type: "replace_content", replace_content: replace });
    expect(refused["code"]).toBe("validation_error");
    const kept = await update(page, {
      type: "update_content",
      update_content: { content_updates: [{ old_str: "text", new_str: "changed" }] },
    });
    expect(kept["markdown"]).toContain(child.id.replaceAll("-", ""));
    const { markdown } = await update(page, {
      type: "replace_content",
      replace_content: { ...replace, allow_deleting_content: true },
    });
    expect(markdown).toBe("all new");
  });

  it("can be asked for as a task", async () => {
    const page = await pageWith("x");
    const queued = await workspace.call("PATCH", `/v1/pages/${page}/markdown`, {
      body: { allow_async: true, type: "insert_content", insert_content: { content: "y" } },
    });
    expect([queued.status, queued.body["status"]]).toEqual([202, "queued"]);
    const { body } = await workspace.call("GET", `/v1/async_tasks/${queued.body["id"]}`);
    expect(body).toMatchObject({ status: "succeeded", result: { markdown: "x\ny" } });
    const order = ["markdown", "truncated", "unknown_block_ids", "id", "object"];
    expect(Object.keys(body["result"])).toEqual(order);
  });
});
