import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIntegrationRequestExecutor } from "./integration-request.ts";
import { failureOf } from "./testing/failure-of.ts";
import { type LocalNotionAccess, openLocalNotion } from "./testing/local-notion-access.ts";
import { contextOf, type ContextOptions } from "./testing/step-context.ts";

let notion: LocalNotionAccess;

beforeAll(async () => {
  notion = await openLocalNotion([]);
});
beforeEach(() => notion.clear());
afterAll(() => notion.close());

function run(step: Record<string, unknown>, options?: ContextOptions): Promise<unknown> {
  const written = {
    type: "integrationRequest",
    integration: "local",
    method: "GET",
    path: "/v1/users/me",
    ...step,
  } as const;
  return createIntegrationRequestExecutor(notion).run(contextOf(written, options));
}

const search = { method: "POST", path: "/v1/search", bodyType: "json" };

describe("an integration request", () => {
  test("asks the provider with the run's connection", async () => {
    expect(await run({})).toMatchObject({
      response: { statusCode: 200, body: { object: "user", type: "bot" } },
    });
  });

  test("may have the provider's full URL, a query and a body", async () => {
    const path = "https://api.notion.com/v1/users?page_size=1";
    expect(await run({ path })).toMatchObject({ response: { body: { has_more: true } } });
    const query = [{ name: "page_size", value: "{{trigger}}" }];
    const listed = await run({ path: "/v1/users", query }, { trigger: 1 });
    expect(listed).toMatchObject({ response: { body: { has_more: true } } });
    expect(await run({ ...search, body: { page_size: 1 } })).toMatchObject({
      response: { body: { object: "list" } },
    });
  });

  test("follows the provider's pages", async () => {
    const output = await run({
      ...search,
      body: { page_size: 2, start_cursor: "{{self.pageToken}}" },
      pagination: {
        items: "{{self.response.body.results}}",
        pageToken: "{{self.response.body.next_cursor}}",
      },
    });
    const whole = await run({ ...search, body: {} });
    const { items } = output as { items: { id: string }[] };
    const { results } = (whole as { response: { body: { results: { id: string }[] } } }).response
      .body;
    expect(items.length).toBeGreaterThan(2);
    expect(items.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
  });

  test("renews a token that the provider refuses, once", async () => {
    notion.spoilToken();
    const before = notion.renewals();
    expect(await run({})).toMatchObject({ response: { statusCode: 200 } });
    expect(notion.renewals()).toBe(before + 1);
  });

  test.each([
    "https://evil.example/v1/users",
    "//evil.example/",
    "http://169.254.169.254/",
    "/../_local",
  ])("goes nowhere else: %s", async (path) => {
    expect(await failureOf(run({ path }))).toMatchObject({ code: "target_refused" });
  });

  test("needs an integration that is there", async () => {
    expect(await failureOf(run({ integration: "gone" }))).toMatchObject({
      code: "action_not_found",
    });
  });
});

describe("what the provider refuses", () => {
  test("is told in its own words", async () => {
    const path = "/v1/pages/11111111-1111-4111-8111-111111111111";
    const failure = await failureOf(run({ path }));
    expect(failure).toMatchObject({
      code: "provider_refused",
      transient: false,
      details: { status: 404, code: "object_not_found", requestId: expect.any(String) as string },
    });
    expect(failure.message).toContain("Local answered 404 (object_not_found): Could not find page");
  });

  test.each([
    [429, "GET", { code: "rate_limited", transient: true, retryAfterMs: 7_000, happened: "no" }],
    [529, "POST", { code: "rate_limited", transient: true, retryAfterMs: 7_000, happened: "no" }],
    [409, "POST", { code: "provider_refused", transient: true, happened: "no" }],
    [500, "POST", { code: "provider_unavailable", transient: true, happened: "unknown" }],
    [502, "GET", { code: "provider_unavailable", transient: true, happened: "no" }],
    [503, "GET", { code: "provider_unavailable", retryAfterMs: 7_000, happened: "no" }],
    [503, "POST", { code: "provider_unavailable", happened: "unknown", retryAfterMs: undefined }],
  ])("with %i to %s is told for what it means", async (status, method, facts) => {
    await notion.addFault({ status, retryAfter: 7 });
    const step = method === "GET" ? {} : { ...search, body: {} };
    expect(await failureOf(run(step))).toMatchObject(facts);
  });

  test("holds the next request back, too", async () => {
    await notion.addFault({ status: 429, retryAfter: 9 }, { times: 1 });
    await failureOf(run({}));
    const failure = await failureOf(run({ ...search, body: {} }));
    expect(failure).toMatchObject({ code: "rate_limited", transient: true, happened: "no" });
    expect(failure.retryAfterMs).toBeGreaterThan(7_000);
  });

  test("in HTML is not read as JSON", async () => {
    await notion.addFault({ status: 502, html: true });
    const { message, details } = await failureOf(run({}));
    expect(message).toContain("Local answered 502: Local gave no reason.");
    expect(details["body"]).toMatch(/^<html|^<!doctype/i);
  });

  test("after saving says what it may have saved", async () => {
    await notion.addFault({ status: 503, when: "after_save" }, { method: "POST" });
    const parent = { page_id: notion.parentId };
    const step = {
      method: "POST",
      path: "/v1/pages",
      bodyType: "json",
      body: { parent, properties: {} },
    };
    const failure = await failureOf(run(step));
    expect(failure).toMatchObject({ happened: "unknown", details: { status: 503 } });
    expect(JSON.stringify(failure.details)).toContain("committed_resource_id");
  });

  test("by breaking off leaves a write unknown", async () => {
    await notion.addFault({ cutAfterBytes: 5 });
    expect(await failureOf(run({ ...search, body: {} }))).toMatchObject({
      code: "provider_unavailable",
      transient: true,
      happened: "unknown",
    });
    expect(await failureOf(run({}))).toMatchObject({ happened: "no" });
  });
});
