import { lookup } from "node:dns/promises";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { failureOf } from "../steps/testing/failure-of.ts";
import { createGuardedHttp, type GuardedHttp, type GuardedRequest } from "./create-guarded-http.ts";
import {
  json,
  type Respond,
  startRawServer,
  startServer,
  type TestServer,
} from "./testing/start-server.ts";

let server: TestServer;
let other: TestServer;
let respond: Respond;
/** Reaches nothing private. */
let strict: GuardedHttp;
/** Reaches this machine. */
let open: GuardedHttp;

const quick = { connectMs: 1_000, headersMs: 300, bodyIdleMs: 300, totalMs: 900 };

beforeAll(async () => {
  server = await startServer((request, response) => respond(request, response));
  other = await startServer((_, response) => json(response, { from: "other" }));
  strict = createGuardedHttp();
  open = createGuardedHttp({ allowedPrivate: ["127.0.0.0/8"] });
});
beforeEach(() => {
  respond = (_, response) => json(response, { ok: true });
  server.seen.length = 0;
  other.seen.length = 0;
});
afterAll(async () => {
  await strict.close();
  await open.close();
  await server[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

const signal = new AbortController().signal;

function get(http: GuardedHttp, url: string, request: Partial<GuardedRequest> = {}) {
  return http.send({ method: "GET", url, signal, ...request });
}

describe("a private address", () => {
  test.each([
    "127.0.0.1",
    "127.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "①②⑦.⓪.⓪.①",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "LOCALHOST",
  ])("is not asked, however it is written: %s", async (host) => {
    const failure = await failureOf(get(strict, `http://${host}:${server.port}/`));
    expect(failure).toMatchObject({ code: "target_refused", transient: false, happened: "no" });
    expect(server.seen).toEqual([]);
  });

  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://10.0.0.1/",
    "https://192.168.0.1/",
  ])("of metadata or a network is not asked: %s", async (url) => {
    expect(await failureOf(get(strict, url))).toMatchObject({ code: "target_refused" });
  });

  test("is not asked through a name that resolves to it", async () => {
    const http = createGuardedHttp({
      resolve: async () => [
        { address: "127.0.0.1", family: 4 },
        { address: "::1", family: 6 },
      ],
    });
    const failure = await failureOf(get(http, `http://public.example:${server.port}/`));
    expect(failure).toMatchObject({
      code: "target_refused",
      message: expect.stringContaining("public.example") as string,
    });
    expect(server.seen).toEqual([]);
    await http.close();
  });

  test("is not asked through a redirect", async () => {
    const http = createGuardedHttp({
      allowedPrivate: ["public.example"],
      resolve: (host) => lookup(host === "public.example" ? "127.0.0.1" : host, { all: true }),
    });
    const front = `http://public.example:${server.port}`;
    for (const target of [`http://127.0.0.1:${other.port}/`, `http://localhost:${other.port}/`]) {
      respond = (_, response) => response.writeHead(302, { location: target }).end();
      expect(await failureOf(get(http, front))).toMatchObject({ code: "target_refused" });
    }
    expect(other.seen).toEqual([]);
    await http.close();
  });

  test("is not asked when a name changes between check and use", async () => {
    let lookups = 0;
    const http = createGuardedHttp({
      // Nobody listens on the first one, which is allowed; the server listens on the second.
      allowedPrivate: ["127.77.77.77"],
      resolve: async () => {
        lookups += 1;
        return [{ address: lookups === 1 ? "127.77.77.77" : "127.0.0.1", family: 4 }];
      },
    });
    const url = `http://rebinding.example:${server.port}/`;
    expect(await failureOf(get(http, url))).toMatchObject({ code: "request_unreachable" });
    expect(lookups).toBe(1);
    expect(await failureOf(get(http, url))).toMatchObject({ code: "target_refused" });
    expect(server.seen).toEqual([]);
    await http.close();
  });

  test("among public ones is left out", async () => {
    const http = createGuardedHttp({
      allowedPrivate: ["127.0.0.1"],
      resolve: async () => [
        { address: "10.0.0.1", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ],
    });
    const answer = await get(http, `http://mixed.example:${server.port}/`);
    expect(answer.status).toBe(200);
    await http.close();
  });

  test("on the operator's list is asked", async () => {
    expect((await get(open, `${server.url}/a?b=c#d`)).status).toBe(200);
    expect(server.seen).toMatchObject([{ url: "/a?b=c" }]);
  });
});

describe("a URL", () => {
  test.each([
    ["ftp://127.0.0.1/", "target_refused"],
    ["file:///etc/passwd", "target_refused"],
    ["javascript:alert(1)", "target_refused"],
    ["http://user:secret@127.0.0.1/", "invalid_input"],
    ["//127.0.0.1/", "invalid_input"],
    ["/path", "invalid_input"],
    ["", "invalid_input"],
    ["http://", "invalid_input"],
    ["http://a b/", "invalid_input"],
  ])("that cannot be asked is refused: %s", async (url, code) => {
    const failure = await failureOf(get(open, url));
    expect(failure.code).toBe(code);
    expect(failure.message).not.toContain("secret");
  });

  test("is named without its query, which may hold secrets", async () => {
    const { message } = await failureOf(get(strict, `${server.url}/a?key=secret`));
    expect(message).toContain(`${server.url}/a`);
    expect(message).not.toContain("secret");
  });
});

describe("a redirect", () => {
  const secrets = {
    headers: { accept: "text/plain", cookie: "a=b", "content-type": "text/plain" },
    credentials: { authorization: "Bearer x", "x-api-key": "y" },
  };

  test("within the origin keeps the credentials", async () => {
    respond = ({ url }, response) =>
      url === "/a" ? response.writeHead(302, { location: "b" }).end() : json(response, {});
    const answer = await get(open, `${server.url}/a`, secrets);
    expect(answer.url.href).toBe(`${server.url}/b`);
    expect(server.seen[1]?.headers).toMatchObject({ authorization: "Bearer x", cookie: "a=b" });
  });

  test("to another origin loses them, and does not get them back", async () => {
    respond = ({ url }, response) => {
      const location = url === "/a" ? `${other.url}/x` : `${server.url}/c`;
      return url === "/c" ? json(response, {}) : response.writeHead(307, { location }).end();
    };
    await get(open, `${server.url}/a`, { method: "POST", body: "hello", ...secrets });
    expect(other.seen).toMatchObject([{ method: "POST", headers: { accept: "text/plain" } }]);
    for (const name of ["authorization", "cookie", "x-api-key"]) {
      expect(other.seen[0]?.headers).not.toHaveProperty(name);
    }
  });

  test.each([
    [301, "POST", "GET", ""],
    [302, "POST", "GET", ""],
    [303, "POST", "GET", ""],
    [303, "PUT", "GET", ""],
    [303, "HEAD", "HEAD", ""],
    [302, "PUT", "PUT", "hello"],
    [307, "POST", "POST", "hello"],
    [308, "PATCH", "PATCH", "hello"],
  ])("%i of %s goes on as %s with the body %o", async (status, method, then, body) => {
    respond = ({ url }, response) =>
      url === "/a" ? response.writeHead(status, { location: "/b" }).end() : response.end();
    const sent = method === "HEAD" ? {} : { body: "hello" };
    await get(open, `${server.url}/a`, { method, ...sent, headers: { "content-type": "x/y" } });
    const second = server.seen[1];
    expect([second?.method, second?.body.toString()]).toEqual([then, body]);
    if (body === "" && method !== "HEAD") {
      expect(second?.headers).not.toHaveProperty("content-type");
    }
  });

  test("without end is given up after five", async () => {
    respond = (_, response) => response.writeHead(302, { location: "/" }).end();
    expect(await failureOf(get(open, server.url))).toMatchObject({ code: "request_failed" });
    expect(server.seen).toHaveLength(6);
  });

  test.each([
    ["ftp://127.0.0.1/", "target_refused"],
    ["http://a:b@127.0.0.1/", "invalid_input"],
    ["http://[", "request_failed"],
  ])("to what cannot be asked fails: %s", async (location, code) => {
    respond = (_, response) => response.writeHead(302, { location }).end();
    expect(await failureOf(get(open, server.url))).toMatchObject({ code });
  });
});

describe("an answer", () => {
  const text = "häppy ".repeat(1000);

  test.each([
    ["gzip", gzipSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
  ])("in %s is decoded", async (coding, bytes) => {
    respond = ({ headers }, response) => {
      expect(headers["accept-encoding"]).toContain(coding);
      response.writeHead(200, { "content-encoding": coding }).end(bytes);
    };
    const { body } = await get(open, server.url);
    expect(Buffer.from(body).toString()).toBe(text);
  });

  test("without a body may claim to be compressed", async () => {
    respond = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end();
    expect((await get(open, server.url, { method: "HEAD" })).body).toHaveLength(0);
    expect((await get(open, server.url)).body).toHaveLength(0);
  });

  test("that is a decompression bomb is given up at the limit", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    respond = (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    const failure = await failureOf(get(open, server.url, { maxBytes: 1024 * 1024 }));
    expect(failure).toMatchObject({ code: "response_too_large", transient: false });
  });

  test("that announces or sends too much is given up", async () => {
    respond = (_, response) => response.writeHead(200, { "content-length": "2000" }).end("x");
    const failure = await failureOf(get(open, server.url, { maxBytes: 1999 }));
    expect(failure).toMatchObject({ code: "response_too_large" });
    respond = (_, response) => {
      response.on("close", () => clearInterval(timer));
      const timer = setInterval(() => response.write("x".repeat(1000)), 1);
    };
    const endless = await failureOf(get(open, server.url, { maxBytes: 5000, method: "POST" }));
    expect(endless).toMatchObject({ code: "response_too_large", happened: "unknown" });
  });

  test("that is cut is no answer", async () => {
    respond = (_, response) => {
      response.writeHead(200, { "content-length": "1000" }).write("half");
      setTimeout(() => response.destroy(), 20);
    };
    expect(await failureOf(get(open, server.url))).toMatchObject({
      code: "request_unreachable",
      transient: true,
      happened: "no",
    });
    expect(await failureOf(get(open, server.url, { method: "POST" }))).toMatchObject({
      happened: "unknown",
    });
    respond = (_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text).subarray(0, 20));
    expect(await failureOf(get(open, server.url))).toMatchObject({ code: "request_unreachable" });
  });

  test("that is no HTTP is no answer", async () => {
    await using raw = await startRawServer((socket) => void socket.end("SSH-2.0-OpenSSH\r\n"));
    expect(await failureOf(get(open, raw.url))).toMatchObject({ code: "request_unreachable" });
  });
});

describe("a server that is slow", () => {
  let impatient: GuardedHttp;
  beforeAll(() => {
    impatient = createGuardedHttp({ allowedPrivate: ["127.0.0.1"], timeouts: quick });
  });
  afterAll(() => impatient.close());

  test("to answer is given up; nobody knows what it did", async () => {
    respond = () => undefined;
    const failure = await failureOf(get(impatient, server.url, { method: "POST" }));
    expect(failure).toMatchObject({
      code: "request_timeout",
      transient: true,
      happened: "unknown",
    });
  });

  test("within its answer is given up", async () => {
    respond = (_, response) => void response.writeHead(200).write("x");
    expect(await failureOf(get(impatient, server.url))).toMatchObject({
      code: "request_timeout",
      happened: "no",
    });
  });

  test("drop by drop, but never silent, is given up in the end", async () => {
    respond = (_, response) => {
      const timer = setInterval(() => response.write("x"), 50);
      response.on("close", () => clearInterval(timer));
    };
    expect(await failureOf(get(impatient, server.url))).toMatchObject({ code: "request_timeout" });
  });

  test("is given up when the run is stopped", async () => {
    const stop = new AbortController();
    respond = () => stop.abort(new Error("cancelled"));
    const failure = await failureOf(get(open, server.url, { method: "PUT", signal: stop.signal }));
    expect(failure).toMatchObject({ code: "request_timeout", happened: "unknown" });
    const before = await failureOf(get(open, server.url, { method: "PUT", signal: stop.signal }));
    expect(before.happened).toBe("no");
    expect(server.seen).toHaveLength(1);
  });
});

describe("a request", () => {
  test("to where nobody listens did not happen", async () => {
    const gone = await startServer(() => undefined);
    await gone[Symbol.asyncDispose]();
    expect(await failureOf(get(open, gone.url, { method: "POST" }))).toMatchObject({
      code: "request_unreachable",
      transient: true,
      happened: "no",
    });
  });

  test("to a name that does not exist did not happen", async () => {
    const http = createGuardedHttp({ resolve: () => lookup("nowhere.invalid", { all: true }) });
    const failure = await failureOf(get(http, "http://nowhere.invalid/", { method: "POST" }));
    expect(failure).toMatchObject({ code: "request_unreachable", happened: "no" });
    await http.close();
  });

  test("with a line break in a header is not sent", async () => {
    const headers = { "x-a": "1\r\nx-evil: 2" };
    const failure = await failureOf(get(open, server.url, { headers }));
    expect(failure).toMatchObject({ code: "invalid_input", transient: false });
    expect(server.seen).toEqual([]);
  });

  test("that is too large is not sent", async () => {
    const http = createGuardedHttp({ allowedPrivate: ["127.0.0.1"], maxRequestBytes: 10 });
    const request = { method: "POST", body: "x".repeat(11) };
    expect(await failureOf(get(http, server.url, request))).toMatchObject({
      code: "invalid_input",
    });
    expect(server.seen).toEqual([]);
    await http.close();
  });
});
