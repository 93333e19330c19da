import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";
import { apiVersions } from "./version.ts";

let workspace: TestWorkspace;
let home: string;

beforeAll(async () => {
  workspace = await openWorkspace();
  home = (await workspace.client().search({ query: "Handbook" })).results[0]?.id ?? "";
});
afterAll(() => workspace.close());

const text = (content: string) => [{ text: { content } }];

describe.each(apiVersions)("Notion's own client at %s", (version) => {
  it("reads users", async () => {
    const client = workspace.client(version);
    const { results } = await client.users.list({});
    expect(results.map(({ type }) => type)).toEqual(["person", "person", "bot"]);
    const one = await client.users.retrieve({ user_id: results[0]?.id ?? "" });
    expect(one).toMatchObject({
      name: "Ada Acker",
      person: { email: "ada@acme.example", email_verified: true },
    });
    expect(await client.users.me({})).toMatchObject({
      type: "bot",
      bot: { workspace_name: "Acme Local" },
    });
  });

  it("comments on pages and blocks", async () => {
    const client = workspace.client(version);
    const page = await client.pages.create({
      parent: { page_id: home },
      properties: { title: { title: text("Talked about") } },
    });
    const first = await client.comments.create({
      parent: { page_id: page.id },
      rich_text: text("first"),
    });
    const reply = await client.comments.create({
      discussion_id: "discussion_id" in first ? first.discussion_id : "",
      rich_text: text("reply"),
    });
    const updated = await client.comments.update({
      comment_id: reply.id,
      rich_text: text("changed"),
    });
    expect(updated).toMatchObject({
      parent: { type: "page_id", page_id: page.id },
      display_name: { type: "integration", resolved_name: "Internal integration" },
    });
    await client.comments.delete({ comment_id: first.id });
    const { results } = await client.comments.list({ block_id: page.id });
    expect(results.map(({ id }) => id)).toEqual([reply.id]);
  });

  it("sends a file in one piece and in parts, and attaches it", async () => {
    const client = workspace.client(version);
    const small = await client.fileUploads.create({ filename: "note.txt" });
    const sent = await client.fileUploads.send({
      file_upload_id: small.id,
      file: { data: new Blob(["hello"]), filename: "note.txt" },
    });
    expect(sent).toMatchObject({ status: "uploaded", content_length: 5 });
    const large = await client.fileUploads.create({
      mode: "multi_part",
      filename: "parts.txt",
      number_of_parts: 2,
    });
    for (const [index, part] of ["one ", "two"].entries()) {
      await client.fileUploads.send({
        file_upload_id: large.id,
        part_number: String(index + 1),
        file: { data: new Blob([part]), filename: "parts.txt" },
      });
    }
    await client.fileUploads.complete({ file_upload_id: large.id });
    const { results } = await client.blocks.children.append({
      block_id: home,
      children: [{ file: { type: "file_upload", file_upload: { id: large.id } } }],
    });
    const [block] = results as { file: { file: { url: string } } }[];
    const answer = await fetch(block?.file.file.url ?? "");
    expect(await answer.text()).toBe("one two");
    const listed = await client.fileUploads.list({ status: "uploaded" });
    expect(listed.results.map(({ id }) => id)).toContain(small.id);
  });

  it("has no emojis of its own", async () => {
    expect((await workspace.client(version).customEmojis.list({})).results).toEqual([]);
  });
});

describe("file uploads", () => {
  it("cannot be attached before they are sent, nor an hour later", async () => {
    const attach = (id: string) =>
      workspace.call("PATCH", `/v1/blocks/${home}/children`, {
        body: { children: [{ image: { file_upload: { id } } }] },
      });
    const upload = await workspace.client().fileUploads.create({ filename: "i.png" });
    expect((await attach(upload.id)).body["message"]).toContain('has the status "pending"');
    await workspace.client().fileUploads.send({
      file_upload_id: upload.id,
      file: { data: new Blob(["x"]), filename: "i.png" },
    });
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 3_700_000 } });
    expect((await attach(upload.id)).body["message"]).toContain('has the status "expired"');
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 0 } });
  });

  it("have links that end", async () => {
    const client = workspace.client();
    const upload = await client.fileUploads.create({ filename: "a.txt" });
    await client.fileUploads.send({
      file_upload_id: upload.id,
      file: { data: new Blob(["x"]), filename: "a.txt" },
    });
    const { results } = await client.blocks.children.append({
      block_id: home,
      children: [{ file: { file_upload: { id: upload.id } } }],
    });
    const [block] = results as { file: { file: { url: string }; name: string } }[];
    expect(block?.file.name).toBe("a.txt");
    const url = block?.file.file.url ?? "";
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 3_700_000 } });
    const late = await fetch(url);
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 0 } });
    const otherDigit = (_: string, digit: string) => `signature=${digit === "0" ? "1" : "0"}`;
    const forged = await fetch(url.replace(/signature=(.)/, otherDigit));
    expect([late.status, forged.status]).toEqual([403, 403]);
  });
});

describe("views", () => {
  it("are made, listed, changed, asked for their rows and deleted", async () => {
    const client = workspace.client();
    const made = await client.databases.create({
      parent: { type: "page_id", page_id: home },
      initial_data_source: { properties: { Name: { title: {} }, Points: { number: {} } } },
    });
    const source = "data_sources" in made ? (made.data_sources[0]?.id ?? "") : "";
    for (const points of [1, 2, 3]) {
      await client.pages.create({
        parent: { data_source_id: source },
        properties: { Points: { number: points } },
      });
    }
    const { body: view } = await workspace.call("POST", "/v1/views", {
      body: {
        data_source_id: source,
        name: "Large",
        type: "table",
        filter: { property: "Points", number: { greater_than: 1 } },
        sorts: [{ property: "Points", direction: "ascending" }],
      },
    });
    const listed = await workspace.call("GET", `/v1/views?database_id=${made.id}`);
    expect(listed.body["results"]).toHaveLength(2);
    const asked = await workspace.call("POST", `/v1/views/${view["id"]}/queries`, {
      body: { page_size: 1 },
    });
    expect(asked.body).toMatchObject({ object: "view_query", total_count: 2, has_more: true });
    const path = `/v1/views/${view["id"]}/queries/${asked.body["id"]}`;
    expect((await workspace.call("GET", path)).body["results"]).toHaveLength(2);
    expect((await workspace.call("DELETE", path)).body["deleted"]).toBe(true);
    const renamed = await workspace.call("PATCH", `/v1/views/${view["id"]}`, {
      body: { name: "Big" },
    });
    expect(renamed.body["name"]).toBe("Big");
    await workspace.call("DELETE", `/v1/views/${view["id"]}`);
    expect((await workspace.call("GET", `/v1/views/${view["id"]}`)).status).toBe(404);
  });
});
