import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consent, exchange, openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

let workspace: TestWorkspace;
/** The second workspace, with example pages and people of its own. */
let other: { id: string; people: { id: string; name: string; email: string; role: string }[] };
let otherToken: string;
const redirect_uri = "http://localhost:3999/callback";

beforeAll(async () => {
  workspace = await openWorkspace();
  const { body } = await workspace.call("POST", "/_local/workspaces", {
    body: {
      name: "Beta Works",
      icon: "🅱️",
      seed: "example",
      people: [
        { name: "Cleo", email: "cleo@beta.example" },
        { name: "Ada Acker", email: "ada@acme.example", role: "owner" },
      ],
    },
  });
  other = body as typeof other;
  const minted = await workspace.call("POST", "/_local/tokens", {
    body: { workspaceId: other.id, name: "Beta robot" },
  });
  otherToken = minted.body["token"];
});
afterAll(() => workspace.close());

const ids = async (token?: string): Promise<string[]> => {
  const { results } = await workspace.client("2026-03-11", token).search({});
  return results.map(({ id }) => id);
};

const pageOf = async (token: string | undefined): Promise<string> => {
  const { results } = await workspace.client("2026-03-11", token).search({ query: "Roadmap" });
  return results[0]?.id ?? "";
};

describe("several workspaces", () => {
  it("each have people, pages and tokens of their own", async () => {
    const { body } = await workspace.call("GET", "/_local/workspaces");
    expect(body).toMatchObject([{ name: "Acme Local" }, { name: "Beta Works", icon: "🅱️" }]);
    const me = await workspace.call("GET", "/v1/users/me", { token: otherToken });
    expect(me.body["bot"]).toMatchObject({ workspace_name: "Beta Works", workspace_id: other.id });
    const users = await workspace.client("2026-03-11", otherToken).users.list({});
    expect(users.results.map(({ name }) => name)).toEqual(["Cleo", "Ada Acker", "Beta robot"]);
    const [mine, theirs] = [await ids(), await ids(otherToken)];
    expect(theirs.length).toBeGreaterThan(5);
    expect(mine.filter((id) => theirs.includes(id))).toEqual([]);
  });

  it("tell nothing of one to another's token", async () => {
    const theirs = workspace.client("2026-03-11", otherToken);
    const { results } = await theirs.search({ query: "Roadmap" });
    const pageId = results[0]?.id ?? "";
    const [block] = (await theirs.blocks.children.list({ block_id: pageId })).results;
    const comment = await theirs.comments.create({
      parent: { page_id: pageId },
      rich_text: [{ text: { content: "ours" } }],
    });
    const upload = await theirs.fileUploads.create({ filename: "a.txt" });
    const sources = await theirs.search({ filter: { property: "object", value: "data_source" } });
    const source = sources.results[0];
    const databaseId =
      source && "parent" in source && "database_id" in source.parent
        ? source.parent.database_id
        : "";
    const views = await theirs.views.list({ database_id: databaseId });
    const refused: [method: string, path: string, body?: object][] = [
      ["GET", `/v1/pages/${pageId}`],
      ["GET", `/v1/pages/${pageId}/markdown`],
      ["GET", `/v1/pages/${pageId}/properties/title`],
      ["PATCH", `/v1/pages/${pageId}`, { in_trash: true }],
      ["POST", `/v1/pages/${pageId}/move`, { parent: { page_id: pageId } }],
      ["POST", "/v1/pages", { parent: { page_id: pageId }, properties: {} }],
      ["GET", `/v1/blocks/${block?.id}`],
      ["GET", `/v1/blocks/${pageId}/children`],
      ["PATCH", `/v1/blocks/${pageId}/children`, { children: [{ divider: {} }] }],
      ["DELETE", `/v1/blocks/${block?.id}`],
      ["GET", `/v1/databases/${databaseId}`],
      ["GET", `/v1/data_sources/${source?.id}`],
      ["POST", `/v1/data_sources/${source?.id}/query`, {}],
      ["GET", `/v1/comments?block_id=${pageId}`],
      ["GET", `/v1/comments/${comment.id}`],
      ["POST", "/v1/comments", { parent: { page_id: pageId }, rich_text: [] }],
      ["GET", `/v1/file_uploads/${upload.id}`],
      ["GET", `/v1/users/${other.people[0]?.id}`],
      ["GET", `/v1/views/${views.results[0]?.id}`],
      ["GET", `/v1/views?database_id=${databaseId}`],
      ["POST", `/v1/views/${views.results[0]?.id}/queries`, {}],
    ];
    for (const [method, path, body] of refused) {
      const answer = await workspace.call(method, path, body ? { body } : {});
      expect([path, answer.status, answer.body["code"]]).toEqual([path, 404, "object_not_found"]);
    }
  });

  it("show people of one to another only by their id", async () => {
    const [person] = other.people;
    const made = await workspace.call("POST", "/v1/pages", {
      body: {
        parent: { page_id: await pageOf(undefined) },
        properties: { title: [{ mention: { user: { id: person?.id } } }] },
      },
    });
    expect(made.status).toBe(200);
    expect(JSON.stringify(made.body)).not.toContain(person?.name);
  });

  it("go with all that is in them, but for the last one", async () => {
    const { body } = await workspace.call("POST", "/_local/workspaces", {
      body: { name: "Short lived", seed: "example" },
    });
    const minted = await workspace.call("POST", "/_local/tokens", {
      body: { workspaceId: body["id"] },
    });
    const token = minted.body["token"];
    expect((await workspace.call("GET", "/v1/users/me", { token })).status).toBe(200);
    const before = await ids();
    await workspace.call("DELETE", `/_local/workspaces/${body["id"]}`);
    expect((await workspace.call("GET", "/v1/users/me", { token })).status).toBe(401);
    expect(await ids()).toEqual(before);

    const alone = await openWorkspace();
    const [only] = (await alone.call("GET", "/_local/workspaces")).body as { id?: string }[];
    const refused = await alone.call("DELETE", `/_local/workspaces/${only?.id}`);
    await alone.close();
    expect(refused.status).toBe(400);
  });
});

describe("consent", () => {
  const page = async (params: Record<string, string>): Promise<string> => {
    const query = new URLSearchParams({
      client_id: "5f0b6a5c-9a1e-4d0e-8f2b-1c9d7e3a4b60",
      redirect_uri,
      response_type: "code",
      owner: "user",
      ...params,
    });
    const answer = await fetch(`${workspace.url}/v1/oauth/authorize?${query}`);
    return answer.text();
  };

  it("lets a person pick the workspace, where they keep their e-mail address", async () => {
    const first = await page({});
    expect(first).toContain("Acme Local");
    const [, link = ""] = /<details class="workspaces">[^]*?href="([^"]*)"/.exec(first) ?? [];
    const picked = await fetch(workspace.url + link.replaceAll("&amp;", "&"));
    const text = await picked.text();
    expect(text).toMatch(/would like to connect to\s+Beta Works/);
    expect(text).toContain("ada@acme.example");
    expect(text).toContain("Continue as Cleo");
    expect(text).not.toContain("ben@acme.example");
  });

  it("binds the tokens to the workspace picked", async () => {
    const back = await consent(workspace.url, { workspace_id: other.id });
    const code = back.searchParams.get("code") ?? "";
    const body = { grant_type: "authorization_code", code, redirect_uri };
    const pair = await exchange(workspace.url, body);
    expect(pair.body).toMatchObject({ workspace_name: "Beta Works", workspace_id: other.id });
    expect(pair.body["owner"].user.email ?? pair.body["owner"].user.person.email).toBe(
      "ada@acme.example",
    );
    const seen = await ids(pair.body["access_token"]);
    expect(new Set(seen)).toEqual(new Set(await ids(otherToken)));
    const listed = await workspace.call("GET", `/_local/connections?workspace_id=${other.id}`);
    const connections = listed.body as unknown as { app: { name: string } }[];
    expect(connections.map(({ app }) => app.name)).toEqual(["Beta robot", "Development app"]);
  });

  it("shares no page of another workspace", async () => {
    const [foreign = ""] = await ids();
    const back = await consent(workspace.url, { workspace_id: other.id, page_ids: foreign });
    const code = back.searchParams.get("code") ?? "";
    const body = { grant_type: "authorization_code", code, redirect_uri };
    const token = (await exchange(workspace.url, body)).body["access_token"];
    expect(await ids(token)).not.toContain(foreign);
    expect((await workspace.call("GET", `/v1/pages/${foreign}`, { token })).status).toBe(404);
  });
});

describe("people", () => {
  it("join and leave, and with them what they let in", async () => {
    const joined = await workspace.call("POST", "/_local/people", {
      body: { workspaceId: other.id, name: "Dana", email: "dana@beta.example" },
    });
    const twice = await workspace.call("POST", "/_local/people", {
      body: { workspaceId: other.id, name: "Dana", email: "dana@beta.example" },
    });
    expect(twice.body["message"]).toBe("dana@beta.example is in Beta Works already.");
    const id = joined.body["id"];
    const back = await consent(workspace.url, { person_id: id });
    const code = back.searchParams.get("code") ?? "";
    const body = { grant_type: "authorization_code", code, redirect_uri };
    const token = (await exchange(workspace.url, body)).body["access_token"];
    const me = await workspace.call("GET", "/v1/users/me", { token });
    expect(me.body["bot"].owner.user.name).toBe("Dana");
    await workspace.call("DELETE", `/_local/people/${id}`);
    expect((await workspace.call("GET", "/v1/users/me", { token })).status).toBe(401);
  });
});

describe("the session of the workspace page", () => {
  const session = (query: string) => workspace.call("GET", `/_local/session${query}`);

  it("is of the workspace asked for, or the one that the page opened is in", async () => {
    const chosen = await session(`?workspace_id=${other.id}`);
    expect(chosen.body).toMatchObject({ workspace: "Beta Works", workspaceId: other.id });
    expect(chosen.body["workspaces"]).toHaveLength(2);
    const [pageId = ""] = await ids(otherToken);
    const opened = await session(`?page_id=${pageId}`);
    expect(opened.body["workspaceId"]).toBe(other.id);
    expect(new Set(await ids(opened.body["token"]))).toEqual(new Set(await ids(otherToken)));
    expect((await session("?workspace_id=33333333-3333-4333-8333-333333333333")).status).toBe(404);
  });

  it("can be of any person", async () => {
    const [cleo] = other.people;
    const { body } = await session(`?person_id=${cleo?.id}`);
    const me = await workspace.call("GET", "/v1/users/me", { token: body["token"] });
    expect(me.body).toMatchObject({ id: cleo?.id, name: "Cleo", type: "person" });
    const [secret] = body["token"].split(/_(?=[^_]*$)/);
    const forged = `${secret.slice(0, -1)}x_${cleo?.id.replaceAll("-", "")}`;
    expect((await workspace.call("GET", "/v1/users/me", { token: forged })).status).toBe(401);
  });

  it("gets events of its own workspace only", async () => {
    const abort = new AbortController();
    const path = `${workspace.url}/_local/events?workspace_id=${other.id}`;
    const stream = await fetch(path, { signal: abort.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const change = async (token: string | undefined): Promise<string> => {
      const id = await pageOf(token);
      const client = workspace.client("2026-03-11", token);
      await client.pages.update({ page_id: id, icon: { emoji: "🐋" } });
      return id;
    };
    await change(undefined);
    const theirs = await change(otherToken);
    let seen = "";
    while (!seen.includes("data:")) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error("The stream has ended.");
      seen += value;
    }
    abort.abort();
    expect(seen).toContain(theirs);
    expect(seen.match(/data:/g)).toHaveLength(1);
  });
});
