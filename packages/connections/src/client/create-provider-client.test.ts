import { gzipSync } from "node:zlib";
import { AppError } from "@tenon/connector";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  realProvider,
  type Respond,
  type Running,
  startProvider,
  startRawProvider,
} from "../proxy/testing/start-proxy.ts";
import { createTestClient, type TestClient } from "./testing/start-client.ts";

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

let provider: Running;
let client: TestClient;
let respond: Respond;
let seen: Seen[] = [];

beforeAll(async () => {
  provider = await startProvider(async (request, response) => {
    const { method, url, headers } = request;
    const body = Buffer.concat(await request.toArray()).toString("latin1");
    seen.push({ method, url, headers, body });
    return respond(request, response);
  });
});
beforeEach(() => {
  seen = [];
  respond = (_, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}');
  client = createTestClient({ baseUrl: provider.url });
  return () => client[Symbol.asyncDispose]();
});
afterAll(() => provider[Symbol.asyncDispose]());

async function errorOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof AppError) return error;
  throw new Error("It did not fail with AppError.", { cause: error });
}

describe("a request", () => {
  test("goes out with the connection's token and the connector's headers", async () => {
    const answer = await client.get("/v1/pages?a=b", {
      method: "POST",
      query: [
        ["c", "d e"],
        ["c", "&"],
      ],
      headers: { "Content-Type": "application/json" },
      body: '{"x":1}',
    });
    expect([answer.status, Buffer.from(answer.body).toString()]).toEqual([200, '{"ok":true}']);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(seen).toMatchObject([
      {
        method: "POST",
        url: "/v1/pages?a=b&c=d+e&c=%26",
        headers: {
          authorization: "Bearer token-1",
          "provider-version": "2",
          "content-type": "application/json",
          "content-length": "7",
        },
        body: '{"x":1}',
      },
    ]);
  });

  test("cannot replace the token or the framing, but the connector's headers", async () => {
    await client.get("/v1", {
      headers: {
        Authorization: "Bearer mine",
        Host: "evil.example",
        Cookie: "a=b",
        "Transfer-Encoding": "chunked",
        "Provider-Version": "3",
      },
    });
    expect(seen).toMatchObject([
      {
        headers: {
          authorization: "Bearer token-1",
          host: `127.0.0.1:${provider.port}`,
          "provider-version": "3",
        },
      },
    ]);
    expect(seen[0]?.headers).not.toHaveProperty("cookie");
    expect(seen[0]?.headers).not.toHaveProperty("transfer-encoding");
  });

  test("may be a form", async () => {
    const form = new FormData();
    form.append("part", new Blob(["bytes"], { type: "text/plain" }), "a.txt");
    await client.get("/v1/upload", { method: "POST", body: form });
    expect(seen[0]?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[0]?.body).toContain('filename="a.txt"');
  });

  test("goes to the provider's own hosts only", async () => {
    await client.get(`${realProvider}/v1/x`);
    await client.get(`${provider.url}/v1/y`);
    expect(seen.map(({ url }) => url)).toEqual(["/v1/x", "/v1/y"]);
    for (const path of [
      "https://evil.example/v1",
      "http://169.254.169.254/",
      "//evil.example/",
      "/../x",
    ]) {
      expect(await errorOf(client.get(path))).toMatchObject({
        code: "proxy_target_refused",
        details: { sent: false },
      });
    }
    expect(seen).toHaveLength(2);
  });

  test("with a line break in a header is not sent", async () => {
    const error = await errorOf(client.get("/v1", { headers: { "x-a": "1\r\nx-b: 2" } }));
    expect(error).toMatchObject({ code: "proxy_request_invalid", details: { sent: false } });
    expect(seen).toEqual([]);
  });

  test("of a connection that is gone is not sent", async () => {
    expect(await errorOf(client.get("/v1", { connectionId: "c2" }))).toMatchObject({
      code: "connection_not_found",
      details: { sent: false },
    });
  });
});

describe("an answer", () => {
  test("is decoded", async () => {
    respond = (_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello"));
    expect(Buffer.from((await client.get("/v1")).body).toString()).toBe("hello");
  });

  test("of any status is answered as it came, without another attempt", async () => {
    for (const status of [404, 409, 500, 503]) {
      respond = (_, response) => response.writeHead(status).end("<h1>no</h1>");
      expect((await client.get("/v1")).status).toBe(status);
    }
    expect(seen).toHaveLength(4);
  });

  test("that is too large is given up", async () => {
    respond = (_, response) => response.end("x".repeat(1001));
    expect(await errorOf(client.get("/v1", { maxBytes: 1000 }))).toMatchObject({
      code: "response_too_large",
      details: { sent: true },
    });
  });

  test("that is cut is none", async () => {
    respond = (_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 20);
    };
    expect(await errorOf(client.get("/v1"))).toMatchObject({
      code: "provider_unavailable",
      details: { sent: true, outcome: "unknown" },
    });
    await using raw = await startRawProvider((socket) => {
      socket.once("data", () => socket.destroy());
    });
    await using other = createTestClient({ baseUrl: raw.url });
    expect(await errorOf(other.get("/v1"))).toMatchObject({
      code: "provider_unavailable",
      details: { sent: true },
    });
  });

  test("that does not come in time is none", async () => {
    const timeouts = { headersMs: 10_000, bodyIdleMs: 10_000, totalMs: 300 };
    await using impatient = createTestClient({ baseUrl: provider.url, client: { timeouts } });
    respond = () => undefined;
    expect(await errorOf(impatient.get("/v1"))).toMatchObject({
      code: "provider_timeout",
      details: { sent: true },
    });
  });
});

describe("a provider that refuses the token", () => {
  test("is asked once more with a renewed one", async () => {
    respond = ({ headers }, response) =>
      response.writeHead(headers.authorization === "Bearer token-2" ? 200 : 401).end();
    expect((await client.get("/v1", { method: "POST", body: "x" })).status).toBe(200);
    expect(client.renewals).toEqual([1]);
    expect(seen.map(({ body }) => body)).toEqual(["x", "x"]);
  });

  test("again is answered as it came", async () => {
    respond = (_, response) => response.writeHead(401).end();
    expect((await client.get("/v1")).status).toBe(401);
    expect(seen).toHaveLength(2);
  });
});

describe("a busy provider", () => {
  test.each([429, 529])("(%i) is answered as it came and holds everyone back", async (status) => {
    respond = (_, response) => response.writeHead(status, { "retry-after": "30" }).end();
    expect((await client.get("/v1")).status).toBe(status);
    const error = await errorOf(client.get("/v1"));
    expect(error).toMatchObject({ code: "rate_limited", retryAfter: 30, details: { sent: false } });
    expect(seen).toHaveLength(1);
  });

  test("is not asked beyond its limit", async () => {
    const api = { rateLimit: { requests: 10, windowMs: 60_000 } };
    await using limited = createTestClient({ baseUrl: provider.url, api });
    const statuses = await Promise.all(
      Array.from({ length: 12 }, () =>
        limited.get("/v1").then(
          ({ status }) => status,
          (error: AppError) => error.code,
        ),
      ),
    );
    // The last tenth of the window is for people who wait.
    expect(statuses.filter((one) => one === 200)).toHaveLength(9);
    expect(statuses.filter((one) => one === "rate_limited")).toHaveLength(3);
  });
});

describe("a redirect", () => {
  test("within the provider is followed where nothing is written", async () => {
    respond = ({ url }, response) =>
      url === "/a" ? response.writeHead(307, { location: "/b" }).end() : response.end();
    expect((await client.get("/a")).status).toBe(200);
    expect((await client.get("/a", { method: "POST" })).status).toBe(307);
    expect(seen.map(({ url }) => url)).toEqual(["/a", "/b", "/a"]);
  });

  test("away from the provider is answered as it came", async () => {
    await using stranger = await startProvider((_, response) => response.end("secret"));
    respond = (_, response) => response.writeHead(302, { location: stranger.url }).end();
    expect((await client.get("/a")).status).toBe(302);
  });

  test("without end is answered as it came", async () => {
    respond = (_, response) => response.writeHead(302, { location: "/a" }).end();
    expect((await client.get("/a")).status).toBe(302);
    expect(seen).toHaveLength(6);
  });
});

describe("a signal", () => {
  test("ends a request under way", async () => {
    const stop = new AbortController();
    respond = () => stop.abort(new Error("cancelled"));
    expect(await errorOf(client.get("/v1", { signal: stop.signal }))).toMatchObject({
      code: "request_aborted",
      details: { sent: true },
    });
  });

  test("that has ended sends nothing", async () => {
    const signal = AbortSignal.abort();
    expect(await errorOf(client.get("/v1", { signal }))).toMatchObject({
      code: "request_aborted",
      details: { sent: false },
    });
    expect(seen).toEqual([]);
  });

  test("ends the wait for a permit", async () => {
    respond = (_, response) => response.writeHead(429, { "retry-after": "30" }).end();
    await client.get("/v1");
    const stop = new AbortController();
    const waiting = errorOf(client.get("/v1", { signal: stop.signal, maxWaitMs: 60_000 }));
    setImmediate(() => stop.abort());
    expect(await waiting).toMatchObject({ code: "request_aborted", details: { sent: false } });
  });
});
