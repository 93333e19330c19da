import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGuardedHttp, type GuardedHttp } from "../http/create-guarded-http.ts";
import { json, type Respond, startServer, type TestServer } from "../http/testing/start-server.ts";
import type { Part } from "../run.ts";
import type { PagedOutput } from "./pagination.ts";
import { createRequestExecutor } from "./request.ts";
import { failureOf } from "./testing/failure-of.ts";
import { contextOf, type ContextOptions } from "./testing/step-context.ts";

let server: TestServer;
let respond: Respond;
let http: GuardedHttp;

beforeAll(async () => {
  server = await startServer((request, response) => respond(request, response));
  http = createGuardedHttp({ allowedPrivate: ["127.0.0.1"] });
});
beforeEach(() => {
  server.seen.length = 0;
  respond = ({ url }, response) => json(response, pageOf(url));
});
afterAll(async () => {
  await http.close();
  await server[Symbol.asyncDispose]();
});

const lastPage = 5;

/** Five pages of two items, by a cursor. */
function pageOf(url: string) {
  const page = Number(new URL(url, server.url).searchParams.get("cursor") ?? "1");
  const next = page < lastPage ? String(page + 1) : null;
  return { results: [`${page}a`, `${page}b`], next };
}

function run(step: Record<string, unknown> = {}, options?: ContextOptions): Promise<PagedOutput> {
  const written = {
    type: "request",
    method: "GET",
    url: server.url,
    query: [{ name: "cursor", value: "{{self.pageToken}}" }],
    pagination: paginationOf(),
    ...step,
  } as const;
  return createRequestExecutor({ http }).run(contextOf(written, options)) as Promise<PagedOutput>;
}

function paginationOf(more: Record<string, unknown> = {}) {
  return {
    items: "{{self.response.body.results}}",
    pageToken: "{{self.response.body.next}}",
    ...more,
  };
}

const urls = () => server.seen.map(({ url }) => url);

describe("pages", () => {
  test("are read until there is no token, and collected", async () => {
    expect(await run()).toMatchObject({
      items: ["1a", "1b", "2a", "2b", "3a", "3b", "4a", "4b", "5a", "5b"],
      hasMore: false,
      response: { statusCode: 200, body: { next: null } },
    });
    expect(urls()).toEqual(["/", "/?cursor=2", "/?cursor=3", "/?cursor=4", "/?cursor=5"]);
  });

  test("are read until the condition says stop", async () => {
    const stopWhen = {
      operator: "$numberGreaterThanOrEqualTo",
      variable: "{{self.page}}",
      argument: 2,
    };
    const output = await run({ pagination: paginationOf({ stopWhen }) });
    expect(output).toMatchObject({ items: ["1a", "1b", "2a", "2b"], hasMore: false });
  });

  test("are no more than the step allows, and no more than three in a test", async () => {
    const few = await run({ pagination: paginationOf({ maxPages: 2 }) });
    expect(few).toMatchObject({ items: ["1a", "1b", "2a", "2b"], hasMore: true });
    const tested = await run({}, { test: true });
    expect([tested.items.length, tested.hasMore]).toEqual([6, true]);
  });

  test("may be asked for by number, by the response before, and by their whole URL", async () => {
    const query = [{ name: "cursor", value: "{{self.page}}" }];
    expect((await run({ query })).items).toHaveLength(10);
    const before = [{ name: "cursor", value: "{{self.response.body.next}}" }];
    expect((await run({ query: before })).items).toHaveLength(10);
  });

  test("of a POST have a key each", async () => {
    const body = { start: "{{self.pageToken}}" };
    await run({ method: "POST", idempotent: true, bodyType: "json", body });
    expect(server.seen.slice(0, 2)).toMatchObject([
      { headers: { "idempotency-key": "run:step" }, body: Buffer.from("{}") },
      { headers: { "idempotency-key": "run:step:2" }, body: Buffer.from('{"start":"2"}') },
    ]);
  });

  test("without a list of items have none, but what is no list is an error", async () => {
    expect(
      await run({ pagination: paginationOf({ items: "{{self.response.body.x}}" }) }),
    ).toMatchObject({
      items: [],
    });
    const items = "{{self.response.body.next}}";
    expect(await failureOf(run({ pagination: paginationOf({ items }) }))).toMatchObject({
      code: "invalid_input",
    });
  });
});

describe("a later page", () => {
  const failingAt = (page: number, status: number, headers = {}) => {
    respond = (request, response) => {
      if (!request.url.endsWith(`cursor=${page}`)) return json(response, pageOf(request.url));
      return response.writeHead(status, headers).end("no");
    };
  };

  test("that fails for good leaves the items until there", async () => {
    failingAt(3, 400);
    expect(await run()).toMatchObject({
      items: ["1a", "1b", "2a", "2b"],
      hasMore: true,
      response: {
        statusCode: 200,
        body: { next: "3" },
        error: { code: "request_failed", details: { status: 400, body: "no" } },
      },
    });
  });

  test("that fails for now is tried again from where it stopped", async () => {
    const parts: Record<string, Part> = {};
    failingAt(4, 500);
    expect(await failureOf(run({}, { parts }))).toMatchObject({ transient: true });
    failingAt(4, 429, { "retry-after": "3" });
    expect(await failureOf(run({}, { parts, attempt: 2 }))).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 3_000,
    });
    respond = ({ url }, response) => json(response, pageOf(url));
    expect((await run({}, { parts, attempt: 3 })).items).toHaveLength(10);
    const all = ["/", ...[2, 3, 4, 4, 4, 5].map((page) => `/?cursor=${page}`)];
    expect(urls()).toEqual(all);
  });

  test("that fails to the last leaves the items until there", async () => {
    failingAt(2, 500);
    const retry = { delaysMs: [1_000] };
    expect(await failureOf(run({ retry }, { attempt: 1 }))).toMatchObject({ transient: true });
    expect(await run({ retry }, { attempt: 2 })).toMatchObject({
      items: ["1a", "1b"],
      response: { error: { code: "request_failed" } },
    });
  });

  test("of a write whose outcome nobody knows is not passed over", async () => {
    failingAt(2, 500);
    const step = { method: "POST", retry: { delaysMs: [] } };
    expect(await failureOf(run(step))).toMatchObject({ code: "outcome_unknown" });
  });

  test("is not asked for where the first one fails", async () => {
    respond = (_, response) => response.writeHead(404).end();
    expect(await failureOf(run())).toMatchObject({ details: { status: 404 } });
    expect(server.seen).toHaveLength(1);
  });

  test("is not asked for once the run is stopped", async () => {
    const stop = new AbortController();
    respond = ({ url }, response) => {
      if (url.endsWith("cursor=2")) stop.abort();
      else json(response, pageOf(url));
    };
    expect(await failureOf(run({}, { signal: stop.signal }))).toMatchObject({
      code: "request_timeout",
    });
    expect(server.seen).toHaveLength(2);
  });
});
