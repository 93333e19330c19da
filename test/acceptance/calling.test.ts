import { request as httpRequest } from "node:http";
import { Client, isNotionClientError } from "@notionhq/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectAccount } from "../connect-account.ts";
import { startTestTenon, type TestTenon } from "../test-tenon.ts";

let tenon: TestTenon;
let token: string;
let proxy: string;

beforeAll(async () => {
  tenon = await startTestTenon();
  token = (await connectAccount(tenon, { userId: "ada" })).token;
  proxy = `/projects/${tenon.projectId}/sdk/proxy/notion`;
});
afterAll(() => tenon?.[Symbol.asyncDispose]());

describe("calling Notion through the proxy", () => {
  it("wraps the provider's JSON for the SDK and leaves it alone on request", async () => {
    const wrapped = await tenon.call(`${proxy}/v1/users/me`, { token });
    expect(wrapped.body.output).toMatchObject({ object: "user", type: "bot" });
    const raw = await tenon.call(`${proxy}/v1/users/me`, {
      token,
      headers: { "x-paragon-use-raw-response": "1" },
    });
    expect(raw.body).toMatchObject({ object: "user", type: "bot" });
    expect(raw.headers.get("x-notion-request-id")).toBe(raw.body.request_id);
  });

  it("asks for our default API version, and for the caller's own where given", async () => {
    const body = { page_size: 1, filter: { property: "object", value: "page" } };
    const request = { token, method: "POST", body };
    const newest = await tenon.call(`${proxy}/v1/search`, request);
    expect(newest.body.output.results[0]).not.toHaveProperty("archived");
    const older = await tenon.call(`${proxy}/v1/search`, {
      ...request,
      headers: { "notion-version": "2022-06-28" },
    });
    expect(older.body.output.results[0]).toHaveProperty("archived");
  });

  it("takes the target from a header too", async () => {
    for (const target of ["/v1/users/me", "https://api.notion.com/v1/users/me"]) {
      const answer = await tenon.call(proxy, { token, headers: { "x-paragon-proxy-url": target } });
      expect(answer.body.output.object).toBe("user");
    }
  });

  it.each([
    "https://evil.example/v1/users",
    "http://169.254.169.254/latest/meta-data",
    "https://api.notion.com@evil.example/v1",
    "https://api.notion.com.evil.example/v1",
    "http://127.0.0.1:1/v1",
    "//evil.example/v1",
  ])("does not take the user's credentials to %s", async (target) => {
    const byHeader = await tenon.call(proxy, { token, headers: { "x-paragon-proxy-url": target } });
    expect([400, 404]).toContain(byHeader.status);
    const byPath = await tenon.call(`${proxy}/${target}`, { token });
    expect([400, 404]).toContain(byPath.status);
    expect(byPath.text).not.toContain("ntn_");
  });

  it("answers a preflight for any method and header without a token", async () => {
    const answer = await tenon.call(`${proxy}/v1/pages`, {
      method: "OPTIONS",
      headers: {
        origin: "https://app.example.com",
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "authorization,content-type,x-custom",
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-headers")).toContain("x-custom");
    expect(answer.headers.get("access-control-allow-methods")).toContain("PATCH");
  });

  it("carries CORS headers on errors too", async () => {
    const answer = await tenon.call(`${proxy}/v1/users/me`, {});
    expect([answer.status, answer.body.code]).toEqual([401, "user_token_missing"]);
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("does not let a user reach a connection of another user or project", async () => {
    const { credentialId } = (await me(token)).body.integrations.notion;
    const eve = await tenon.signToken("eve");
    const other = await tenon.createProject("Other");
    const calls = [
      tenon.call(`${proxy}/v1/users/me`, {
        token: eve,
        headers: { "x-paragon-credential": credentialId },
      }),
      tenon.call(`/projects/${other.projectId}/sdk/proxy/notion/v1/users/me`, {
        token: await other.signToken("ada"),
        headers: { "x-paragon-credential": credentialId },
      }),
      tenon.call(`/projects/${tenon.projectId}/sdk/credentials/${credentialId}`, { token: eve }),
      tenon.call(`/projects/${tenon.projectId}/sdk/integrations/${tenon.integrationId}`, {
        token: eve,
        method: "DELETE",
        headers: { "x-paragon-credential": credentialId },
      }),
    ];
    for (const { status, body } of await Promise.all(calls)) {
      expect([status, body.code]).toEqual([404, "connection_not_found"]);
    }
    expect((await tenon.call(`${proxy}/v1/users/me`, { token })).status).toBe(200);
  });

  it("does not take one project's token for another project", async () => {
    const other = await tenon.createProject("Another");
    const answer = await tenon.call(`/projects/${other.projectId}/sdk/proxy/notion/v1/users/me`, {
      token,
    });
    expect([answer.status, answer.body.code]).toEqual([401, "user_token_invalid"]);
  });

  it.each([
    [
      "/projects/00000000-0000-4000-8000-000000000000/sdk/proxy/notion/v1",
      404,
      "project_not_found",
    ],
    ["/projects/PROJECT/sdk/proxy/slack/v1", 404, "integration_not_found"],
    ["/projects/------------------------------------/raw/notion/v1", 404, "not_found"],
  ])("answers %s with %i %s", async (path, status, code) => {
    const answer = await tenon.call(path.replace("PROJECT", tenon.projectId), { token });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.meta.requestId).toBe(answer.headers.get("x-tenon-request-id"));
  });

  it("passes a page's icon upload on as multipart, byte for byte", async () => {
    const form = new FormData();
    form.append("file", new Blob([Buffer.alloc(100_000, 7)]), "a.bin");
    const response = await fetch(`${tenon.url}${proxy}/v1/nothing-here`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: form,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ object: "error", code: "invalid_request_url" });
  });

  it("keeps working on one connection for many requests, also after errors", async () => {
    const statuses: number[] = [];
    for (const path of ["/v1/users/me", "/v1/pages/x", "/v1/users/me"]) {
      statuses.push((await tenon.call(proxy + path, { token })).status);
    }
    expect(statuses).toEqual([200, 400, 200]);
  });

  it("says that a connection must be renewed by the user after the person revoked it", async () => {
    const { token: grace } = await connectAccount(tenon, { userId: "grace" });
    const { credentialId } = (await me(grace)).body.integrations.notion;
    await revokeAtNotion();
    const answer = await tenon.call(`${proxy}/v1/users/me`, { token: grace });
    expect([answer.status, answer.body.code]).toEqual([409, "connection_invalid"]);
    const after = (await me(grace)).body.integrations.notion;
    expect(after).toMatchObject({ credentialId, credentialStatus: "INVALID" });
    await connectAccount(tenon, { userId: "grace" });
    expect((await me(grace)).body.integrations.notion.credentialStatus).toBe("VALID");
    expect((await tenon.call(`${proxy}/v1/users/me`, { token: grace })).status).toBe(200);
    token = (await connectAccount(tenon, { userId: "ada" })).token;
  });
});

describe("the official Notion client through Tenon", () => {
  it("works with a base URL and the user token alone", async () => {
    const notion = new Client({
      auth: token,
      baseUrl: `${tenon.url}/projects/${tenon.projectId}/raw/notion`,
    });
    const { results } = await notion.search({ filter: { property: "object", value: "page" } });
    const page = await notion.pages.create({
      parent: { page_id: results[0]?.id ?? "none" },
      properties: { title: { title: [{ text: { content: "By the official client" } }] } },
      children: [{ paragraph: { rich_text: [{ text: { content: "Hello" } }] } }],
    });
    const children = await notion.blocks.children.list({ block_id: page.id });
    expect(children.results).toHaveLength(1);
    await notion.pages.update({ page_id: page.id, in_trash: true });
    expect(await notion.pages.retrieve({ page_id: page.id })).toMatchObject({ in_trash: true });
  });

  it("gets Notion's own errors, typed", async () => {
    const notion = new Client({
      auth: token,
      baseUrl: `${tenon.url}/projects/${tenon.projectId}/raw/notion`,
    });
    const error: unknown = await notion.pages
      .retrieve({ page_id: "00000000-0000-4000-8000-000000000000" })
      .catch((caught: unknown) => caught);
    expect(isNotionClientError(error) && error.code).toBe("object_not_found");
  });
});

describe("requests that no fetch would send", () => {
  it("does not pass the user token, cookies or forwarding headers on", async () => {
    await sendRaw({
      authorization: `Bearer ${token}`,
      cookie: "a=b",
      "x-forwarded-for": "10.0.0.1",
      "x-tenon-spy": "1",
    });
    const response = await fetch(`${tenon.localNotion.url}/_local/requests`);
    const text = await response.text();
    expect(text).toContain("/v1/users/me");
    for (const secret of [token, "a=b", "10.0.0.1", "x-tenon-spy"]) {
      expect(text).not.toContain(secret);
    }
  });

  it("refuses TRACE", async () => {
    const status = await sendRaw({ authorization: `Bearer ${token}` }, "TRACE");
    expect(status).toBe(405);
  });
});

function me(userToken: string) {
  return tenon.call(`/projects/${tenon.projectId}/sdk/me`, { token: userToken });
}

/** What a person does in Notion's settings: takes every app's access away. */
async function revokeAtNotion(): Promise<void> {
  const connections = await fetch(`${tenon.localNotion.url}/_local/connections`);
  const body: any = await connections.json();
  for (const { id } of body.results ?? body.connections ?? body) {
    await fetch(`${tenon.localNotion.url}/_local/connections/${id}`, { method: "DELETE" });
  }
}

function sendRaw(headers: Record<string, string>, method = "GET"): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(`${tenon.url}${proxy}/v1/users/me`, { method, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    })
      .on("error", reject)
      .end();
  });
}
