import { request } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createLocalNotion } from "../create-local-notion.ts";
import { openWorkspace, type TestWorkspace } from "../testing/open-workspace.ts";

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  await workspace.call("DELETE", "/_local/faults");
  await workspace.call("DELETE", "/_local/requests");
});

const me = () => workspace.call("GET", "/v1/users/me");
const fault = (rule: object, outcome: object) =>
  // oxlint-disable-next-line unicorn/no-thenable -- a request's body, which nobody awaits
  workspace.call("POST", "/_local/faults", { body: { ...rule, then: outcome } });

describe("the rate limit", () => {
  it("refuses what exceeds the budget, with the seconds to wait", async () => {
    const settings = (rateLimit: object | null) =>
      workspace.call("PATCH", "/_local/settings", { body: { rateLimit } });
    await settings({ requests: 2, windowMs: 60_000 });
    const statuses = [await me(), await me(), await me()];
    await settings(null);
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    const { body, headers } = statuses[2] ?? (await me());
    expect(body["code"]).toBe("rate_limited");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(body["additional_data"]).toEqual({
      rate_limit_reason: "public_api_request_rate_limit",
      retry_after: headers.get("retry-after"),
    });
  });

  it("is the published one unless told otherwise", async () => {
    const usual = await createLocalNotion();
    const answer = await fetch(`${usual.url}/_local/settings`);
    await usual.close();
    expect(JSON.parse(await answer.text())).toMatchObject({
      rateLimit: { requests: 180, windowMs: 60_000 },
    });
  });
});

describe("faults", () => {
  it("strike the nth request only", async () => {
    await fault({ path: "/v1/users/me", nth: 2 }, { status: 500 });
    const statuses = [await me(), await me(), await me()].map(({ status }) => status);
    expect(statuses).toEqual([200, 500, 200]);
  });

  it("strike as often, by the method and where they are aimed", async () => {
    await fault({ path: "/v1/users/*", method: "get", times: 2 }, { status: 409 });
    const statuses = [await me(), await me(), await me()].map(({ status }) => status);
    expect(statuses).toEqual([409, 409, 200]);
    expect((await workspace.call("GET", "/v1/users")).status).toBe(200);
  });

  it("strike by chance, the same way for the same seed", async () => {
    const run = async (): Promise<number[]> => {
      await workspace.call("DELETE", "/_local/faults");
      await fault({ probability: 0.5, seed: 7 }, { status: 503 });
      const answers = [];
      for (let index = 0; index < 12; index += 1) answers.push((await me()).status);
      return answers;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 503]));
    expect(await run()).toEqual(first);
  });

  it("answer as the network in front of Notion does", async () => {
    await fault({}, { status: 502, html: true });
    const { status, headers, body } = await me();
    expect(status).toBe(502);
    expect(headers.get("content-type")).toContain("text/html");
    expect(body["text"]).toContain("502 error");
  });

  it.each([
    [429, "rate_limited"],
    [529, "service_overload"],
  ])("tell with %i when to come back", async (status, code) => {
    await fault({}, { status, retryAfter: 7 });
    const answer = await me();
    expect([answer.status, answer.body["code"]]).toEqual([status, code]);
    expect(answer.headers.get("retry-after")).toBe("7");
  });

  it("save or do not save what a 503 answers", async () => {
    const home = (await workspace.client().search({ query: "Roadmap" })).results[0]?.id;
    const add = (title: string) =>
      workspace.call("POST", "/v1/pages", {
        body: {
          parent: { page_id: home },
          properties: { title: [{ text: { content: title } }] },
        },
      });
    await fault({ path: "/v1/pages", nth: 1 }, { status: 503 });
    await fault({ path: "/v1/pages", nth: 1 }, { status: 503, when: "after_save" });
    const [before, after] = [await add("Walrus before"), await add("Walrus after")];
    expect([before.status, after.status]).toEqual([503, 503]);
    const { results } = await workspace.client().search({ query: "walrus" });
    expect(results.map(({ id }) => id)).toEqual([
      after.body["additional_data"].committed_resource_id,
    ]);
  });

  it("cut an answer short", async () => {
    await fault({}, { cutAfterBytes: 10 });
    await expect(me()).rejects.toThrow();
  });
});

describe("the log of requests", () => {
  it("tells what came and how it was answered, without tokens", async () => {
    await me();
    const { body } = await workspace.call("GET", "/_local/requests");
    const [entry] = body as unknown as Record<string, any>[];
    expect(entry).toMatchObject({ method: "GET", path: "/v1/users/me", status: 200 });
    expect(JSON.stringify(entry)).not.toContain(workspace.token);
  });
});

describe("what is local", () => {
  const session = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const sent = request(`${workspace.url}/_local/session`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject).end();
    });

  it.each([
    [{ host: "127.0.0.1" }, 200],
    [{ host: "notion.localhost:4781" }, 200],
    [{ host: "evil.example" }, 403],
    [{ host: "localhost.evil.example" }, 403],
    [{ host: "localhost", "sec-fetch-site": "cross-site" }, 403],
  ])("is told to %o with %i", async (headers, status) => {
    expect(await session(headers as unknown as Record<string, string>)).toBe(status);
  });

  it("gives the workspace page a token of its owner", async () => {
    const { body, headers } = await workspace.call("GET", "/_local/session");
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(body["person"].name).toBe("Ada Acker");
    const made = await workspace.call("POST", "/v1/pages", {
      token: body["token"],
      body: { parent: { workspace: true }, properties: {} },
    });
    expect(made.body["created_by"].id).toBe(body["person"].id);
  });

  it("streams what changes", async () => {
    const abort = new AbortController();
    const response = await fetch(`${workspace.url}/_local/events`, { signal: abort.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const home = (await workspace.client().search({ query: "Roadmap" })).results[0]?.id ?? "";
    await workspace.client().pages.update({ page_id: home, icon: { emoji: "🐋" } });
    let seen = "";
    while (!seen.includes("data:")) seen += (await reader?.read())?.value ?? "";
    abort.abort();
    expect(seen).toContain(`{"type":"changed","ids":["${home}"]}`);
  });
});

describe("starting over", () => {
  it("empties the workspace, or fills it with the examples", async () => {
    const other = await openWorkspace();
    const titles = async (): Promise<number> => {
      const minted = await other.call("POST", "/_local/tokens");
      const client = other.client("2026-03-11", minted.body["token"]);
      return (await client.search({})).results.length;
    };
    await other.call("POST", "/_local/reset");
    expect(await titles()).toBe(0);
    await other.call("POST", "/_local/seed");
    expect(await titles()).toBeGreaterThan(5);
    expect((await other.call("GET", "/v1/users/me")).status).toBe(401);
    await other.close();
  });
});

describe("pages for people", () => {
  it("come with a policy that lets nothing else in", async () => {
    const { status, headers } = await workspace.call("GET", "/p/Some-page");
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each(["/../package.json", "/..%2fpackage.json", "/_local/assets/..%2f..%2fpackage.json"])(
    "do not lead out of their folder by %s",
    async (path) => {
      expect((await workspace.call("GET", path)).status).toBe(404);
    },
  );
});
