import { type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { Client, request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Front, type Running, startFront, startProvider } from "./testing/start-proxy.ts";
import { sendRaw } from "./testing/raw-client.ts";

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  rawHeaders: string[];
  body: Buffer;
}

let provider: Running;
let front: Front;
let seen: Seen[] = [];
let answer: { status: number; headers: OutgoingHttpHeaders; body: string };

beforeAll(async () => {
  provider = await startProvider(async (request, response) => {
    const { method = "", url = "", headers, rawHeaders } = request;
    const body = Buffer.concat(await request.toArray());
    seen.push({ method, url, headers, rawHeaders, body });
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  front = await startFront({
    baseUrl: provider.url,
    call: { answerHeaders: ["access-control-allow-origin", "*"] },
  });
});
beforeEach(() => {
  seen = [];
  answer = { status: 200, headers: { "content-type": "application/json" }, body: '{"ok":true}' };
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

function onlyOne(): Seen {
  const [one] = seen;
  if (seen.length !== 1 || one === undefined) throw new Error(`${seen.length} requests arrived.`);
  return one;
}

describe("the request", () => {
  test.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "QUERY", "PURGE"])(
    "%s is forwarded",
    async (method) => {
      const { statusCode } = await request(`${front.url}/p/v1/things`, { method });
      expect(statusCode).toBe(200);
      expect(onlyOne()).toMatchObject({ method, url: "/v1/things" });
    },
  );

  test("HEAD is forwarded and has no body", async () => {
    const { statusCode, headers, body } = await request(`${front.url}/p/v1`, { method: "HEAD" });
    expect([statusCode, headers["content-type"], await body.text()]).toEqual([
      200,
      "application/json",
      "",
    ]);
    expect(onlyOne().method).toBe("HEAD");
  });

  test("TRACE is refused with 405", async () => {
    const received = await sendRaw(
      front.port,
      "TRACE /p/v1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer user\r\nconnection: close\r\n\r\n",
    );
    expect(received).toMatch(/^HTTP\/1\.1 405 /);
    expect(received).toContain("method_not_allowed");
    expect(seen).toEqual([]);
  });

  test("path and query arrive byte for byte", async () => {
    const target = "/v1/%7Ea%2fb;c/?filter_properties=a&filter_properties=b%5B%5D&&x=%zz&{|}^`";
    await sendRaw(front.port, `GET /p${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(onlyOne().url).toBe(target);
  });

  test("X-Paragon-Proxy-Url replaces the path", async () => {
    const headers = { "x-paragon-proxy-url": "https://api.provider.example/v1/users?a=b" };
    await request(`${front.url}/p/ignored`, { headers });
    await request(`${front.url}/p/ignored`, { headers: { "x-paragon-proxy-url": "v1/me" } });
    expect(seen.map(({ url }) => url)).toEqual(["/v1/users?a=b", "/v1/me"]);
  });

  test("carries the connection's token instead of the user's, and nothing that is the caller's own", async () => {
    await sendRaw(
      front.port,
      [
        "POST /p/v1 HTTP/1.1",
        "Host: tenon.example",
        "Authorization: Bearer user-token",
        "Cookie: session=1",
        "Origin: https://customer.example",
        "Referer: https://customer.example/page",
        "Sec-Fetch-Mode: cors",
        "Forwarded: for=192.0.2.1",
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-Host: internal",
        "X-Real-IP: 192.0.2.1",
        "CF-Connecting-IP: 192.0.2.1",
        "Proxy-Authorization: Basic x",
        "Proxy-Connection: keep-alive",
        "X-Paragon-Credential: c1",
        "X-Tenon-Anything: y",
        "TE: trailers",
        "Trailer: x-sum",
        "Keep-Alive: timeout=5",
        "Upgrade: h2c",
        "HTTP2-Settings: AA",
        "Max-Forwards: 3",
        "X-Hop: secret",
        "Connection: close, X-Hop, Upgrade, HTTP2-Settings, Authorization",
        "Accept: application/json",
        "Accept-Language: de",
        "X-Custom: kept",
        "Content-Type: text/plain",
        "Content-Length: 2",
        "",
        "hi",
      ].join("\r\n"),
    );
    expect(onlyOne().headers).toEqual({
      host: `127.0.0.1:${provider.port}`,
      connection: "keep-alive",
      accept: "application/json",
      "accept-language": "de",
      "x-custom": "kept",
      "content-type": "text/plain",
      "content-length": "2",
      "provider-version": "2",
      "user-agent": "Tenon",
      via: "1.1 tenon",
      authorization: "Bearer token-1",
    });
  });

  test("keeps the caller's own User-Agent, Via and the connector's headers that it names itself", async () => {
    const headers = { "user-agent": "app/1", via: "1.0 edge", "Provider-Version": "1" };
    await request(`${front.url}/p/v1`, { headers });
    const { headers: sent, rawHeaders } = onlyOne();
    expect(sent).toMatchObject({ "user-agent": "app/1", via: "1.0 edge, 1.1 tenon" });
    expect(rawHeaders.filter((name) => name.toLowerCase() === "provider-version")).toHaveLength(1);
    expect(sent["provider-version"]).toBe("1");
  });

  test("several lines of one header stay several", async () => {
    await sendRaw(
      front.port,
      "GET /p/v1 HTTP/1.1\r\nhost: x\r\nx-list: a\r\nX-List: b\r\nconnection: close\r\n\r\n",
    );
    expect(onlyOne().rawHeaders.join("|")).toContain("x-list|a|x-list|b");
  });

  test("Accept-Encoding is the caller's where nothing is wrapped", async () => {
    await request(`${front.url}/p/v1`, { headers: { "accept-encoding": "br, gzip" } });
    expect(onlyOne().headers["accept-encoding"]).toBe("br, gzip");
  });

  test("Expect: 100-continue is answered by us and not forwarded", async () => {
    const sent = httpRequest(`${front.url}/p/v1`, {
      method: "POST",
      headers: { expect: "100-continue", "content-length": "2" },
    });
    sent.flushHeaders();
    await new Promise((resolve) => sent.once("continue", resolve));
    const answered = new Promise<IncomingMessage>((resolve) => sent.once("response", resolve));
    sent.end("ok");
    expect(await text(await answered)).toBe('{"ok":true}');
    expect(onlyOne().headers["expect"]).toBeUndefined();
    expect(onlyOne().body.toString()).toBe("ok");
  });
});

describe("the request's body", () => {
  test("JSON arrives as it was sent", async () => {
    const body = '{ "a" : [1, 2.50] }\n';
    const headers = { "content-type": "application/json" };
    await request(`${front.url}/p/v1`, { method: "POST", headers, body });
    expect(onlyOne().body.toString()).toBe(body);
  });

  test("bytes arrive as they were sent, also in chunks", async () => {
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    await request(`${front.url}/p/v1`, {
      method: "PUT",
      headers: { "content-type": "application/octet-stream" },
      body: Readable.from([body.subarray(0, 10), body.subarray(10, 40_000), body.subarray(40_000)]),
    });
    expect(onlyOne().body.equals(body)).toBe(true);
    expect(onlyOne().headers["content-length"]).toBe("70000");
  });

  test("multipart arrives with its boundary", async () => {
    const form = new FormData();
    form.append("file", new File(["hello"], "a.txt", { type: "text/plain" }));
    await fetch(`${front.url}/p/v1/file_uploads`, { method: "POST", body: form });
    const { headers, body } = onlyOne();
    const boundary = /boundary=(.+)/.exec(String(headers["content-type"]))?.[1];
    expect(body.toString()).toContain(`--${boundary}`);
    expect(body.toString()).toContain("hello");
  });

  test("an empty one has a length where the method expects a body", async () => {
    await request(`${front.url}/p/v1`, { method: "POST", headers: { "content-length": "0" } });
    expect(onlyOne().headers["content-length"]).toBe("0");
  });

  test("of DELETE and GET is forwarded too", async () => {
    await request(`${front.url}/p/v1`, { method: "DELETE", body: "gone" });
    const client = new Client(front.url);
    const { body } = await client.request({ path: "/p/v1", method: "GET", body: "asked" });
    await body.dump();
    await client.close();
    expect(seen.map(({ body }) => body.toString())).toEqual(["gone", "asked"]);
  });

  test.each([
    [{ "content-type": "auto" }, '{"a":1}', "application/json"],
    [{ "content-type": "auto, text/plain" }, "hello", "text/plain"],
    [{ "content-type": "auto" }, "hello", "text/plain; charset=utf-8"],
    [{ "content-type": ["auto", "text/csv"] }, "a,b", "text/csv"],
    [{ "content-type": "application/x-ndjson" }, '{"a":1}', "application/x-ndjson"],
  ])("has its type resolved: %j with %s is %s", async (headers, body, type) => {
    await request(`${front.url}/p/v1`, { method: "POST", headers, body });
    expect(onlyOne().headers["content-type"]).toBe(type);
  });

  test("has no type where there is none: the SDK names one with every GET", async () => {
    await request(`${front.url}/p/v1`, { headers: { "content-type": "auto" } });
    expect(onlyOne().headers["content-type"]).toBeUndefined();
  });
});

describe("the answer", () => {
  test("has the provider's status, headers and body", async () => {
    answer = {
      status: 404,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "x-provider-request-id": "abc",
        etag: 'W/"1"',
        link: ["</a>; rel=next", "</b>; rel=last"],
      },
      body: '{"code":"object_not_found"}',
    };
    const { statusCode, headers, body } = await request(`${front.url}/p/v1`);
    expect(statusCode).toBe(404);
    expect(await body.text()).toBe('{"code":"object_not_found"}');
    expect(headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "x-provider-request-id": "abc",
      etag: 'W/"1"',
      link: ["</a>; rel=next", "</b>; rel=last"],
    });
  });

  test("does not speak for Tenon's own address", async () => {
    answer.headers = {
      "set-cookie": ["a=1", "b=2"],
      "strict-transport-security": "max-age=1",
      "alt-svc": 'h3="evil.example:443"',
      "access-control-allow-origin": "https://evil.example",
      "access-control-allow-credentials": "true",
      "clear-site-data": '"*"',
      nel: "{}",
      "report-to": "{}",
      "reporting-endpoints": 'a="https://evil.example"',
      refresh: "0; url=https://evil.example",
      "x-content-type-options": "sniff",
      "x-tenon-request-id": "forged",
      "x-hop": "1",
      connection: "x-hop",
      "cross-origin-resource-policy": "same-origin",
      "x-kept": "yes",
    };
    const { headers } = await request(`${front.url}/p/v1`);
    expect(headers).toEqual({
      "x-kept": "yes",
      date: expect.any(String) as string,
      connection: "keep-alive",
      "keep-alive": "timeout=5",
      "content-length": "11",
      "x-content-type-options": "nosniff",
      "x-tenon-request-id": expect.stringMatching(/^request-/) as string,
      "access-control-allow-origin": "*",
    });
  });

  test.each([204, 304])("%i has no body and leaves the connection usable", async (status) => {
    answer = { status, headers: { etag: '"1"' }, body: "" };
    const client = new Client(front.url);
    for (let count = 0; count < 3; count += 1) {
      const { statusCode, headers, body } = await client.request({ path: "/p/v1", method: "GET" });
      expect([statusCode, headers["etag"], await body.text()]).toEqual([status, '"1"', ""]);
    }
    await client.close();
  });

  test("many on one kept-alive connection come in order", async () => {
    const requests = ["/a", "/b", "/c"].map(
      (path, index) =>
        `GET /p${path} HTTP/1.1\r\nhost: x\r\nconnection: ${index === 2 ? "close" : "keep-alive"}\r\n\r\n`,
    );
    const received = await sendRaw(front.port, requests.join(""));
    expect(received.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    expect(received.match(/\{"ok":true\}/g)).toHaveLength(3);
    const ids = [...received.matchAll(/x-tenon-request-id: request-(\d+)/g)].map(([, id]) =>
      Number(id),
    );
    expect(ids).toEqual([0, 1, 2].map((offset) => (ids[0] ?? 0) + offset));
  });

  test("to an HTTP/1.0 caller ends with the connection", async () => {
    const received = await sendRaw(front.port, "GET /p/v1 HTTP/1.0\r\n\r\n");
    expect(received).toContain("Connection: close");
    expect(received.endsWith('{"ok":true}')).toBe(true);
  });
});
