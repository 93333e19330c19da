import type { PageObjectResponse } from "@notionhq/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";
import { apiVersions } from "./version.ts";

let workspace: TestWorkspace;
let home: string;

beforeAll(async () => {
  workspace = await openWorkspace();
  home = (await workspace.client().search({ query: "Welcome" })).results[0]?.id ?? "";
});
afterAll(() => workspace.close());

async function newPage(title: string, more: object = {}): Promise<string> {
  const { body } = await workspace.call("POST", "/v1/pages", {
    body: {
      parent: { page_id: home },
      properties: { title: [{ text: { content: title } }] },
      ...more,
    },
  });
  return body["id"];
}

describe.each(apiVersions)("at version %s", (version) => {
  it("makes, shows, changes, trashes and restores a page", async () => {
    const client = workspace.client(version);
    const made = await client.pages.create({
      parent: { page_id: home },
      icon: { emoji: "🧪" },
      properties: { title: { title: [{ text: { content: `At ${version}` } }] } },
    });
    const shown = (await client.pages.retrieve({ page_id: made.id })) as PageObjectResponse;
    expect(shown.url).toBe(`${workspace.url}/p/At-${version}-${made.id.replaceAll("-", "")}`);
    expect(shown.icon).toEqual({ type: "emoji", emoji: "🧪" });
    expect(shown.created_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
    const trash = version === "2026-03-11" ? { in_trash: true } : { archived: true };
    const trashed = await client.pages.update({ page_id: made.id, ...trash });
    expect(trashed).toMatchObject({ in_trash: true });
    await client.pages.update({ page_id: made.id, in_trash: false });
    const renamed = await client.pages.update({
      page_id: made.id,
      properties: { title: { title: [{ text: { content: "Renamed" } }] } },
    });
    expect(JSON.stringify(renamed)).toContain("Renamed");
  });
});

describe("keys of a page", () => {
  it.each([
    [
      "2026-03-11",
      "object,id,created_time,last_edited_time,created_by,last_edited_by,cover,icon,parent,in_trash,is_archived,is_locked,properties,url,public_url,request_id",
    ],
    [
      "2025-09-03",
      "object,id,created_time,last_edited_time,created_by,last_edited_by,cover,icon,parent,in_trash,is_archived,is_locked,properties,url,public_url,archived,request_id",
    ],
    [
      "2022-06-28",
      "object,id,created_time,last_edited_time,created_by,last_edited_by,cover,icon,parent,archived,in_trash,properties,url,public_url,request_id",
    ],
  ] as const)("are in Notion's order at %s", async (version, keys) => {
    const { body } = await workspace.call("GET", `/v1/pages/${home}`, { version });
    expect(Object.keys(body).join()).toBe(keys);
  });
});

describe("requests Notion refuses", () => {
  it.each([
    [null, "should be defined, instead was `undefined`."],
    [
      "2020-01-01",
      'should be `"2022-06-28"`, `"2025-09-03"`, or `"2026-03-11"`, instead was `"2020-01-01"`.',
    ],
  ])("have the version %s", async (version, rule) => {
    const { status, body } = await workspace.call("GET", "/v1/users/me", {
      version: version as null,
    });
    expect(status).toBe(400);
    expect(body["code"]).toBe("missing_version");
    expect(body["message"]).toBe(
      `Notion-Version header failed validation: Notion-Version header ${rule}`,
    );
  });

  it("have no good token", async () => {
    const { status, headers, body } = await workspace.call("GET", "/v1/users", { token: "ntn_x" });
    expect(status).toBe(401);
    expect(body).toEqual({
      object: "error",
      status: 401,
      code: "unauthorized",
      message: "API token is invalid.",
      request_id: headers.get("x-notion-request-id"),
    });
  });

  it("go to an endpoint that is not there", async () => {
    const { status, body } = await workspace.call("GET", "/v1/invalid");
    expect([status, body["code"], body["message"]]).toEqual([
      400,
      "invalid_request_url",
      "Invalid request URL.",
    ]);
  });

  it("are no JSON, or too much of it", async () => {
    const broken = await workspace.call("POST", "/v1/pages", { body: "{" });
    expect(broken.body["code"]).toBe("invalid_json");
    const large = await workspace.call("POST", "/v1/pages", {
      body: JSON.stringify({ filler: "x".repeat(600_000) }),
    });
    expect(large.status).toBe(413);
  });

  it("name a page that is not there, or an id that is none", async () => {
    const missing = await workspace.call("GET", "/v1/pages/00000000-0000-0000-0000-000000000000");
    expect(missing.status).toBe(404);
    expect(missing.body["message"]).toBe(
      'Could not find page with ID: 00000000-0000-0000-0000-000000000000. Make sure the relevant pages and databases are shared with your integration "Internal integration".',
    );
    const malformed = await workspace.call("GET", "/v1/pages/12345678-1234-1234-1234-123456789abc");
    expect(malformed.body["message"]).toBe(
      'path failed validation: path.page_id should be a valid uuid, instead was `"12345678-1234-1234-1234-123456789abc"`.',
    );
  });
});

describe("sharing", () => {
  it("lets a token see what it was granted and what is below", async () => {
    const inside = await newPage("Inside");
    const outside = await newPage("Outside");
    const child = await workspace.client().pages.create({
      parent: { page_id: inside },
      properties: { title: { title: [{ text: { content: "Below" } }] } },
    });
    const minted = await workspace.call("POST", "/_local/tokens", { body: { pageIds: [inside] } });
    const { token } = minted.body as { token: string };
    const statuses = await Promise.all(
      [inside, child.id, outside, home].map(async (id) => {
        const { status } = await workspace.call("GET", `/v1/pages/${id}`, { token });
        return status;
      }),
    );
    expect(statuses).toEqual([200, 200, 404, 404]);
  });

  it("keeps to the capabilities of the app", async () => {
    const minted = await workspace.call("POST", "/_local/tokens", {
      body: { capabilities: { insertContent: false, users: "none" } },
    });
    const { token } = minted.body as { token: string };
    const made = await workspace.call("POST", "/v1/pages", { token, body: {} });
    const users = await workspace.call("GET", "/v1/users", { token });
    expect([made.status, made.body["code"]]).toEqual([403, "restricted_resource"]);
    expect(users.status).toBe(403);
  });
});

describe("the trash", () => {
  it("takes along all that is below, and gives it back", async () => {
    const parent = await newPage("Parent");
    const child = await workspace.client().pages.create({
      parent: { page_id: parent },
      properties: { title: { title: [{ text: { content: "Child" } }] } },
    });
    const isChildTrashed = async (): Promise<unknown> =>
      (await workspace.call("GET", `/v1/pages/${child.id}`)).body["in_trash"];
    await workspace.client().blocks.delete({ block_id: parent });
    expect(await isChildTrashed()).toBe(true);
    const edit = await workspace.call("PATCH", `/v1/pages/${child.id}`, {
      body: { properties: { title: [{ text: { content: "x" } }] } },
    });
    expect(edit.body["message"]).toBe(
      "Can't edit block that is archived. You must unarchive the block before editing.",
    );
    await workspace.client().pages.update({ page_id: parent, in_trash: false });
    expect(await isChildTrashed()).toBe(false);
  });
});

describe("search", () => {
  it("finds words of titles, last edited first, and pages through them", async () => {
    await newPage("Zebra one");
    await newPage("Zebra two");
    const first = await workspace.client().search({ query: "zebra", page_size: 1 });
    expect(first.has_more).toBe(true);
    const second = await workspace
      .client()
      .search({ query: "zebra", page_size: 1, start_cursor: first.next_cursor });
    expect(second.has_more).toBe(false);
    const titles = [...first.results, ...second.results].map((page) => JSON.stringify(page));
    expect(titles[0]).toContain("Zebra two");
    expect(titles[1]).toContain("Zebra one");
  });

  it("knows of changes only after the lag that is set", async () => {
    await workspace.call("PATCH", "/_local/settings", { body: { searchLagMs: 60_000 } });
    await newPage("Giraffe");
    const before = await workspace.client().search({ query: "giraffe" });
    await workspace.call("PATCH", "/_local/settings", { body: { clockOffsetMs: 61_000 } });
    const after = await workspace.client().search({ query: "giraffe" });
    await workspace.call("PATCH", "/_local/settings", {
      body: { searchLagMs: 0, clockOffsetMs: 0 },
    });
    expect([before.results.length, after.results.length]).toEqual([0, 1]);
  });
});

describe("property items", () => {
  it("are cut after 25 mentions where a page is read, not where it is made", async () => {
    const mentions = Array.from({ length: 30 }, () => ({ mention: { page: { id: home } } }));
    const made = await workspace.call("POST", "/v1/pages", {
      body: {
        parent: { page_id: home },
        properties: { title: [{ text: { content: "See " } }, ...mentions] },
      },
    });
    expect(made.body["properties"].title.title).toHaveLength(31);
    const read = await workspace.call("GET", `/v1/pages/${made.body["id"]}`);
    expect(read.body["properties"].title.title).toHaveLength(26);
  });

  it("list texts one by one and page through them", async () => {
    const runs = Array.from({ length: 30 }, (_, index) => ({
      text: { content: `${index} ` },
      annotations: { bold: index % 2 === 0 },
    }));
    const id = await newPage("x", { properties: { title: runs } });
    const page = (await workspace.client().pages.retrieve({ page_id: id })) as PageObjectResponse;
    expect(page.properties["title"]).toMatchObject({ title: { length: 30 } });
    const path = `/v1/pages/${id}/properties/title`;
    const { body } = await workspace.call("GET", `${path}?page_size=20`);
    expect(body["results"]).toHaveLength(20);
    expect(Object.keys(body["results"][0])).toEqual(["object", "type", "id", "title"]);
    const rest = await workspace.call(
      "GET",
      `${path}?page_size=20&start_cursor=${body["next_cursor"]}`,
    );
    expect(rest.body["results"]).toHaveLength(10);
    expect(rest.body["property_item"]).toEqual({
      id: "title",
      next_url: null,
      type: "title",
      title: {},
    });
  });
});

describe("moving a page", () => {
  it("puts it below another page, but never below itself", async () => {
    const from = await newPage("Moved");
    const to = await newPage("Target");
    const { body } = await workspace.call("POST", `/v1/pages/${from}/move`, {
      body: { parent: { page_id: to } },
    });
    expect(body["parent"]).toEqual({ type: "page_id", page_id: to });
    const circle = await workspace.call("POST", `/v1/pages/${to}/move`, {
      body: { parent: { page_id: from } },
    });
    expect(circle.status).toBe(400);
  });
});
